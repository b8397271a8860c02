import { Button } from '@mantine/core';
import type { MeAnswer } from '@gatehouse/contract';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { en } from '../../messages/en.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { RoleBadge } from './role-badge.tsx';

type Company = MeAnswer['companies'][number];

const shownAtFirst = 5;

function Standing({ status }: { readonly status: Company['status'] }) {
  if (status === 'active') return null;
  return status === 'pending' ? (
    <p className="note note-brass">{en.home.pending}</p>
  ) : (
    <p className="note note-brick">{en.home.suspended}</p>
  );
}

function Projects({ company }: { readonly company: Company }) {
  const [isWhole, setIsWhole] = useState(false);
  const list = useId();
  const { projects } = company;
  const isOpen = company.status === 'active';
  if (projects.length === 0) {
    return (
      <p className="soft small">
        {company.role === 'admin' ? en.home.noProjectsAdmin : en.home.noProjectsUser}
      </p>
    );
  }
  return (
    <div className="projects">
      <ul id={list} aria-label={en.home.projectsOf(company.name)}>
        {(isWhole ? projects : projects.slice(0, shownAtFirst)).map((project) => (
          <li key={project.id} className="project">
            <span className="project-name">
              {isOpen ? (
                <Link
                  to="/companies/$slug/projects/$project"
                  params={{ slug: company.slug, project: project.slug }}
                >
                  {project.name}
                </Link>
              ) : (
                project.name
              )}
            </span>
            <StatusBadge status={project.status} words={en.home.projectStatus[project.status]} />
            <RoleBadge words={en.home.projectRole[project.role]} />
          </li>
        ))}
      </ul>
      {projects.length > shownAtFirst && (
        <Button
          variant="subtle"
          aria-expanded={isWhole}
          aria-controls={list}
          onClick={() => {
            setIsWhole(!isWhole);
          }}
        >
          {isWhole ? en.home.showFewer : en.home.showAll(projects.length)}
        </Button>
      )}
    </div>
  );
}

export function CompanyCard({ company }: { readonly company: Company }) {
  const heading = useId();
  const isWaiting = company.status === 'pending' && company.role === 'user';
  const isClosed = company.status === 'suspended' || isWaiting;
  return (
    <li>
      <article className="company" aria-labelledby={heading}>
        <div className="company-top">
          <div className="stack stack-close">
            <h3 id={heading}>
              {isClosed ? (
                company.name
              ) : (
                <Link to="/companies/$slug/members" params={{ slug: company.slug }}>
                  {company.name}
                </Link>
              )}
            </h3>
            <span className="mono soft small">{company.slug}</span>
          </div>
          <span className="badges">
            <StatusBadge status={company.status} words={en.home.companyStatus[company.status]} />
            <RoleBadge words={en.home.companyRole[company.role]} />
          </span>
        </div>
        <Standing status={company.status} />
        <Projects company={company} />
      </article>
    </li>
  );
}
