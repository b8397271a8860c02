import { Button } from '@mantine/core';
import type { Project, ProjectGrant, ProjectRole } from '@gatehouse/contract';
import { en } from '../messages/en.ts';
import './address-box.css';
import { Choice } from './choice.tsx';

const roles: readonly ProjectRole[] = ['viewer', 'editor', 'admin'];
export const projectRoleOptions = roles.map((role) => [role, en.projectRole[role]] as const);

type GrantsProps = {
  readonly projects: readonly Project[];
  readonly grants: readonly ProjectGrant[];
  readonly onGrants: (grants: readonly ProjectGrant[]) => void;
};

/** Which projects somebody gets with the company, and as what. */
export function GrantsChoice({ projects, grants, onGrants }: GrantsProps) {
  const nameOf = (slug: string) => projects.find((one) => one.slug === slug)?.name ?? slug;
  const left = projects.filter(({ slug }) => !grants.some(({ project }) => project === slug));
  if (projects.length === 0) return <p className="soft small">{en.grants.noProjects}</p>;
  return (
    <div className="stack">
      {grants.length > 0 && (
        <ul className="grant-rows" aria-label={en.grants.given}>
          {grants.map(({ project, role }) => (
            <li key={project} className="grant-row">
              <bdi>{nameOf(project)}</bdi>
              <Choice
                label={en.grants.roleIn(nameOf(project))}
                isLabelHidden
                options={projectRoleOptions}
                value={role}
                onChoice={(chosen) => {
                  onGrants(grants.map((one) => (one.project === project ? { project, role: chosen } : one)));
                }}
              />
              <Button
                variant="subtle"
                className="button-small"
                aria-label={en.grants.removeOf(nameOf(project))}
                onClick={() => {
                  onGrants(grants.filter((one) => one.project !== project));
                }}
              >
                {en.grants.remove}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {left.length > 0 && (
        <div className="grant-add">
          <Choice
            label={grants.length === 0 ? en.grants.first : en.grants.another}
            options={[['', en.grants.none], ...left.map(({ slug, name }) => [slug, name] as const)]}
            value=""
            onChoice={(project) => {
              if (project !== '') onGrants([...grants, { project, role: 'viewer' }]);
            }}
          />
        </div>
      )}
    </div>
  );
}
