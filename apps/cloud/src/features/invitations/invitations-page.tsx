import { Button } from '@mantine/core';
import { InvitationStatus } from '@gatehouse/contract';
import type { Invitation } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { allProjectsQuery, invitationsQuery } from '../../lib/company-queries.ts';
import { useList } from '../../lib/use-list.ts';
import { en } from '../../messages/en.ts';
import { Choice } from '../../ui/choice.tsx';
import { CompanyTitle } from '../../ui/company-frame.tsx';
import type { Company } from '../../ui/company-frame.tsx';
import { ListView, Nothing } from '../../ui/list-view.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { InvitationRow } from './invitation-row.tsx';
import './invitations.css';
import { InviteForm } from './invite-form.tsx';

const words = en.invitations;

type InvitationsSearch = { query?: string; status?: string };

type InvitationsProps = {
  readonly company: Company;
  readonly search: InvitationsSearch;
  readonly onSearch: (search: InvitationsSearch) => void;
};

function Filters({ search, onSearch }: Omit<InvitationsProps, 'company'>) {
  const onQuery = useCallback(
    (query: string) => {
      onSearch({ ...search, query });
    },
    [search, onSearch],
  );
  const options = InvitationStatus.options.map((status) => [status, words.status[status]] as const);
  return (
    <div className="filters">
      <SearchField
        label={en.list.search}
        hint={words.searchHint}
        value={search.query ?? ''}
        onSearch={onQuery}
      />
      <Choice
        label={words.statusFilter}
        options={[['', words.anyStatus], ...options]}
        value={search.status ?? ''}
        onChoice={(status) => {
          onSearch({ ...search, status });
        }}
      />
    </div>
  );
}

function Table({
  invitations,
  ...row
}: { invitations: readonly Invitation[] } & Omit<Parameters<typeof InvitationRow>[0], 'invitation'>) {
  return (
    <div className="table-box">
      <table className="table invitation-table" aria-label={words.title}>
        <thead>
          <tr>
            {[words.address, words.state, words.brings].map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {invitations.map((invitation) => (
            <InvitationRow key={invitation.id} invitation={invitation} {...row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Sent({
  company,
  search,
  onSearch,
  nameOfProject,
}: InvitationsProps & { nameOfProject: (slug: string) => string }) {
  const status = InvitationStatus.safeParse(search.status);
  const query = search.query ?? '';
  const list = useList(
    invitationsQuery(company.slug, {
      ...(query && { query }),
      ...(status.success && { status: status.data }),
    }),
  );
  const [said, setSaid] = useState('');
  const isFiltered = query !== '' || status.success;
  return (
    <section className="stack" aria-labelledby="sent">
      <h2 id="sent">{words.sentTitle}</h2>
      {(isFiltered || list.items.length > 0) && <Filters search={search} onSearch={onSearch} />}
      <p role="status" className="note said">
        {said}
      </p>
      <ListView
        list={list}
        loading={words.loading}
        counted={words.counted}
        more={words.more}
        nothing={
          isFiltered ? (
            <Nothing title={en.list.noMatch} lead={en.list.noMatchLead}>
              <Button
                variant="default"
                onClick={() => {
                  onSearch({});
                }}
              >
                {en.list.showAll}
              </Button>
            </Nothing>
          ) : (
            <Nothing title={words.noneTitle} lead={words.noneLead} />
          )
        }
      >
        <Table invitations={list.items} slug={company.slug} nameOfProject={nameOfProject} onSaid={setSaid} />
      </ListView>
    </section>
  );
}

/** Inviting people, and what became of each invitation so far. */
export function InvitationsPage(props: InvitationsProps) {
  const { slug, status } = props.company;
  const { data: projects = [] } = useQuery({ ...allProjectsQuery(slug), enabled: status === 'active' });
  return (
    <>
      <CompanyTitle title={words.title} company={props.company} />
      <InviteForm slug={slug} projects={status === 'active' ? projects : undefined} />
      <Sent
        {...props}
        nameOfProject={(one) => projects.find((project) => project.slug === one)?.name ?? one}
      />
    </>
  );
}
