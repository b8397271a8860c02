import { Button } from '@mantine/core';
import type { Project } from '@gatehouse/contract';
import { Link } from '@tanstack/react-router';
import { projectsQuery } from '../../lib/company-queries.ts';
import { useNow } from '../../lib/hooks.ts';
import { exactMoment, timeSince } from '../../lib/moments.ts';
import { useList } from '../../lib/use-list.ts';
import { en } from '../../messages/en.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { CompanyTitle } from '../../ui/company-frame.tsx';
import type { Company } from '../../ui/company-frame.tsx';
import { ListView, Nothing } from '../../ui/list-view.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { CreateProject } from './create-project.tsx';
import './projects.css';

const words = en.projects;

type ProjectsProps = {
  readonly company: Company;
  readonly query: string;
  readonly onQuery: (query: string) => void;
};

function ProjectRow({ company, project }: { readonly company: Company; readonly project: Project }) {
  const [createdAt, now] = [new Date(project.createdAt), useNow()];
  return (
    <tr>
      <th scope="row">
        <span className="person">
          <span className="person-name">
            <Link
              to="/companies/$slug/projects/$project"
              params={{ slug: company.slug, project: project.slug }}
              className="row-link"
            >
              <bdi>{project.name}</bdi>
            </Link>
          </span>
          <span className="mono soft small">{project.slug}</span>
        </span>
      </th>
      <td className="cell-narrow">
        <StatusBadge status={project.status} words={en.projectStatus[project.status]} />
      </td>
      <td className="cell-narrow soft small">
        <span className="cell-label">{words.created}</span>
        <time dateTime={project.createdAt} title={exactMoment(createdAt)}>
          {timeSince(createdAt, now)}
        </time>
      </td>
    </tr>
  );
}

function ProjectTable({
  company,
  projects,
}: {
  readonly company: Company;
  readonly projects: readonly Project[];
}) {
  return (
    <div className="table-box">
      <table className="table" aria-label={words.title}>
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col">{words.status}</th>
            <th scope="col">{words.created}</th>
          </tr>
        </thead>
        <tbody>
          {projects.map((project) => (
            <ProjectRow key={project.id} company={company} project={project} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What people of the company work on: all of it for administrators, their own for everybody else. */
export function ProjectsPage({ company, query, onQuery }: ProjectsProps) {
  const list = useList(projectsQuery(company.slug, query === '' ? {} : { query }));
  const isAdmin = company.role === 'admin';
  const nothing = isAdmin ? (
    <Nothing title={words.noneTitle} lead={words.noneLead} />
  ) : (
    <Nothing title={words.noneOwnTitle} lead={words.noneOwnLead} />
  );
  return (
    <>
      <CompanyTitle title={words.title} company={company} lead={isAdmin ? words.lead : words.ownLead} />
      {(query !== '' || list.items.length > 0) && (
        <div className="filters">
          <SearchField label={en.list.search} hint={words.searchHint} value={query} onSearch={onQuery} />
        </div>
      )}
      <ListView
        list={list}
        loading={words.loading}
        counted={words.counted}
        more={words.more}
        nothing={
          query === '' ? (
            nothing
          ) : (
            <Nothing title={en.list.noMatch} lead={en.list.noMatchLead}>
              <Button
                variant="default"
                onClick={() => {
                  onQuery('');
                }}
              >
                {en.list.showAll}
              </Button>
            </Nothing>
          )
        }
      >
        <ProjectTable company={company} projects={list.items} />
      </ListView>
      {isAdmin && <CreateProject slug={company.slug} />}
    </>
  );
}
