import { useState } from 'react';
import { projectMembersQuery } from '../../lib/company-queries.ts';
import { useList } from '../../lib/use-list.ts';
import { en } from '../../messages/en.ts';
import { ListView, Nothing } from '../../ui/list-view.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { ProjectMemberRow } from './project-member-row.tsx';

const words = en.project;

type MembersProps = {
  readonly slug: string;
  readonly project: string;
  readonly ownId: string;
  readonly isAdmin: boolean;
  readonly query: string;
  readonly onQuery: (query: string) => void;
};

/** Everybody who works on the project, with the role that counts. */
export function ProjectMembers({ query, onQuery, ...place }: MembersProps) {
  const { slug, project, ownId, isAdmin } = place;
  const list = useList(projectMembersQuery(slug, project, query === '' ? {} : { query }));
  const [said, setSaid] = useState('');
  return (
    <section className="stack" aria-labelledby="people">
      <h2 id="people">{words.members}</h2>
      <div className="filters">
        <SearchField label={en.list.search} hint={en.list.searchHint} value={query} onSearch={onQuery} />
      </div>
      <p role="status" className="note said">
        {said}
      </p>
      <ListView
        list={list}
        loading={words.membersLoading}
        counted={words.counted}
        more={words.more}
        nothing={<Nothing title={query === '' ? words.aloneTitle : en.list.noMatch} />}
      >
        <div className="table-box">
          <table className="table" aria-label={words.members}>
            <thead>
              <tr>
                <th scope="col">{en.list.person}</th>
                <th scope="col">{en.list.role}</th>
                {isAdmin && <td />}
              </tr>
            </thead>
            <tbody>
              {list.items.map((member) => (
                <ProjectMemberRow
                  key={member.userId}
                  slug={slug}
                  project={project}
                  member={member}
                  isYou={member.userId === ownId}
                  isAdmin={isAdmin}
                  onSaid={setSaid}
                />
              ))}
            </tbody>
          </table>
        </div>
      </ListView>
    </section>
  );
}
