import type { Project } from '@gatehouse/contract';
import { useCallback } from 'react';
import { en } from '../../messages/en.ts';
import { Choice } from '../../ui/choice.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { companyRoleOptions } from './member-row.tsx';

type Search = { query?: string; role?: string; project?: string };

type FiltersProps = {
  readonly search: Search;
  /** Left out for whoever may not ask for roles and projects. */
  readonly projects?: readonly Project[];
  readonly onSearch: (search: Search) => void;
};

export function MemberFilters({ search, projects, onSearch }: FiltersProps) {
  const onQuery = useCallback(
    (query: string) => {
      onSearch({ ...search, query });
    },
    [search, onSearch],
  );
  return (
    <div className="filters">
      <SearchField
        label={en.list.search}
        hint={en.list.searchHint}
        value={search.query ?? ''}
        onSearch={onQuery}
      />
      {projects && (
        <Choice
          label={en.members.roleFilter}
          options={[['', en.members.anyRole], ...companyRoleOptions]}
          value={search.role ?? ''}
          onChoice={(role) => {
            onSearch({ ...search, role });
          }}
        />
      )}
      {projects && projects.length > 0 && (
        <Choice
          label={en.members.projectFilter}
          options={[['', en.members.anyProject], ...projects.map(({ slug, name }) => [slug, name] as const)]}
          value={search.project ?? ''}
          onChoice={(project) => {
            onSearch({ ...search, project });
          }}
        />
      )}
    </div>
  );
}
