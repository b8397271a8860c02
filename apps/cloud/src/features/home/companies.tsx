import { Button, TextInput } from '@mantine/core';
import type { MeAnswer } from '@gatehouse/contract';
import { useState } from 'react';
import { en } from '../../messages/en.ts';
import { SearchIcon } from '../../ui/icons.tsx';
import { CompanyCard } from './company-card.tsx';
import { matching } from './matching.ts';

const searchableFrom = 9;

export function Companies({ companies }: { readonly companies: MeAnswer['companies'] }) {
  const [query, setQuery] = useState('');
  const isSearchable = companies.length >= searchableFrom;
  const found = isSearchable ? matching(companies, query) : companies;
  return (
    <section className="stack" aria-labelledby="companies">
      <h2 id="companies">{en.home.title}</h2>
      {isSearchable && (
        <div className="search" role="search">
          <TextInput
            type="search"
            label={en.home.search}
            placeholder={en.home.searchHint}
            leftSection={<SearchIcon />}
            value={query}
            onChange={(event) => {
              setQuery(event.currentTarget.value);
            }}
          />
          <p role="status" className="soft small">
            {en.home.found(found.length)}
          </p>
        </div>
      )}
      {found.length === 0 && (
        <div className="stack nothing-found">
          <p>{en.home.nothingFound(query.trim())}</p>
          <div>
            <Button
              variant="default"
              onClick={() => {
                setQuery('');
              }}
            >
              {en.home.clearSearch}
            </Button>
          </div>
        </div>
      )}
      <ul className="companies" data-alone={companies.length === 1}>
        {found.map((company) => (
          <CompanyCard key={company.id} company={company} />
        ))}
      </ul>
    </section>
  );
}
