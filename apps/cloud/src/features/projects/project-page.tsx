import type { MeAnswer } from '@gatehouse/contract';
import { Link } from '@tanstack/react-router';
import { usePageHref } from '../../lib/page-context.ts';
import { problemText } from '../../lib/problem-choice.ts';
import { en } from '../../messages/en.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { CompanyTitle } from '../../ui/company-frame.tsx';
import type { Company } from '../../ui/company-frame.tsx';
import { ProblemView, ProblemWays } from '../../ui/problem-view.tsx';
import { AddPeople } from './add-people.tsx';
import { ProjectMembers } from './project-members.tsx';
import { ProjectSettings } from './project-settings.tsx';
import './projects.css';

const words = en.project;

type ProjectProps = {
  readonly me: MeAnswer;
  readonly company: Company;
  readonly slug: string;
  readonly query: string;
  readonly onQuery: (query: string) => void;
};

function NoProject() {
  const href = usePageHref();
  const text = problemText('not_found');
  return (
    <ProblemView text={text} code="not_found">
      <ProblemWays text={text} hrefOf={(to) => href({ to })} />
    </ProblemView>
  );
}

/** One project: its people, and for its administrators how to change it. */
export function ProjectPage({ me, company, slug, query, onQuery }: ProjectProps) {
  const project = company.projects.find((one) => one.slug === slug);
  if (!project) return <NoProject />;
  const isAdmin = project.role === 'admin';
  const place = { slug: company.slug, project: project.slug };
  return (
    <>
      <div className="stack stack-close">
        <Link to="/companies/$slug/projects" params={{ slug: company.slug }} className="company-back">
          <span aria-hidden>← </span>
          {words.back}
        </Link>
        <CompanyTitle
          title={project.name}
          company={company}
          lead={
            <>
              <span className="mono">{project.slug}</span> · {words.yourRole(en.projectRole[project.role])}
            </>
          }
        >
          <StatusBadge status={project.status} words={en.projectStatus[project.status]} />
        </CompanyTitle>
      </div>
      {isAdmin && <AddPeople {...place} />}
      <ProjectMembers {...place} ownId={me.user.id} isAdmin={isAdmin} query={query} onQuery={onQuery} />
      {isAdmin && <ProjectSettings slug={company.slug} project={project} />}
    </>
  );
}
