import { Button, TextInput } from '@mantine/core';
import type { Project } from '@gatehouse/contract';
import { useState } from 'react';
import { en } from '../../messages/en.ts';
import { Dialog } from '../../ui/dialog.tsx';
import '../../ui/field.css';
import '../../ui/table.css';

const words = en.access;

/** More would leave no room to see them side by side. */
export const mostColumns = 8;

type ColumnsProps = {
  readonly projects: readonly Project[];
  readonly shown: readonly Project[];
  readonly onChosen: (slugs: readonly string[]) => void;
  readonly onClose: () => void;
};

/** Which projects are side by side, where there are too many for all of them. */
export function ChooseColumns({ projects, shown, onChosen, onClose }: ColumnsProps) {
  const [chosen, setChosen] = useState<readonly string[]>(shown.map(({ slug }) => slug));
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const found = projects.filter(({ name, slug }) => `${name} ${slug}`.toLowerCase().includes(wanted));
  return (
    <Dialog title={words.columnsTitle} onClose={onClose}>
      <p>{words.columnsLead(mostColumns)}</p>
      <div className="field">
        <TextInput
          type="search"
          label={words.findColumn}
          value={query}
          data-first
          onChange={(event) => {
            setQuery(event.currentTarget.value);
          }}
        />
      </div>
      <ul className="column-choices" aria-label={en.projects.title}>
        {found.map(({ slug, name }) => {
          const isChosen = chosen.includes(slug);
          return (
            <li key={slug}>
              <label>
                <input
                  type="checkbox"
                  className="tick"
                  checked={isChosen}
                  disabled={!isChosen && chosen.length >= mostColumns}
                  onChange={() => {
                    setChosen(isChosen ? chosen.filter((one) => one !== slug) : [...chosen, slug]);
                  }}
                />
                <bdi className="clamp">{name}</bdi>
              </label>
            </li>
          );
        })}
      </ul>
      <div className="buttons">
        <Button
          onClick={() => {
            if (chosen.length > 0) onChosen(chosen);
          }}
        >
          {words.showColumns}
        </Button>
        <Button variant="default" onClick={onClose}>
          {en.list.cancel}
        </Button>
      </div>
    </Dialog>
  );
}
