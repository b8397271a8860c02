import type { ProjectGrant } from '@gatehouse/contract';
import { en } from '../messages/en.ts';
import './table.css';

type LinesProps = {
  readonly grants: readonly ProjectGrant[];
  readonly nameOf: (slug: string) => string;
  /** How many are shown before the rest is only counted. */
  readonly most?: number;
};

/** Projects and the roles in them, a line each. */
export function GrantLines({ grants, nameOf, most = Infinity }: LinesProps) {
  if (grants.length === 0) return <span className="soft small">{en.members.noProjects}</span>;
  const shown = grants.length > most + 1 ? grants.slice(0, most) : grants;
  const left = grants.length - shown.length;
  const all = grants.map(({ project, role }) => `${nameOf(project)}: ${en.projectRole[role]}`);
  return (
    <ul className="grant-lines small" {...(left > 0 && { title: all.join('\n') })}>
      {shown.map(({ project, role }) => (
        <li key={project}>
          <bdi className="clamp">{nameOf(project)}</bdi> <span className="soft">{en.projectRole[role]}</span>
        </li>
      ))}
      {left > 0 && <li className="soft">{en.members.moreProjects(left)}</li>}
    </ul>
  );
}
