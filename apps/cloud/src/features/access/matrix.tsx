import type { Member, Project } from '@gatehouse/contract';
import { useId, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { en } from '../../messages/en.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { Person } from '../../ui/person.tsx';
import { MatrixCell } from './matrix-cell.tsx';
import { cellAfter, grantedRole } from './matrix-changes.ts';
import type { Cell, CellRole, Edit } from './matrix-changes.ts';

const words = en.access;

type MatrixProps = {
  readonly members: readonly Member[];
  readonly projects: readonly Project[];
  readonly ownId: string;
  /** What a cell shows: what is in force, or what it was turned to. */
  readonly roleAt: (member: Member, project: string) => CellRole;
  readonly onEdit: (edit: Edit) => void;
};

/** While its list is open, a select needs the arrows for itself. Browsers that can't tell keep the keys there anyway. */
function isOpen(select: HTMLSelectElement): boolean {
  try {
    return select.matches(':open');
  } catch {
    return false;
  }
}

function openList(select: HTMLSelectElement) {
  try {
    select.showPicker();
  } catch {
    // A browser without it opens its lists with the space bar.
  }
}

const positionOf = (cell: Element): Cell => {
  const [row = 0, column = 0] = (cell.getAttribute('data-cell') ?? '').split('/').map(Number);
  return { row, column };
};

function onKey(event: KeyboardEvent<HTMLTableElement>, size: { rows: number; columns: number }) {
  const { target, key } = event;
  if (!(target instanceof HTMLElement) || event.altKey || event.ctrlKey || event.metaKey) return;
  const cell = target.closest('[data-cell]');
  if (!cell || (cell instanceof HTMLSelectElement && isOpen(cell))) return;
  if (key === 'Enter' && cell instanceof HTMLSelectElement) {
    event.preventDefault();
    openList(cell);
    return;
  }
  const next = cellAfter(key, positionOf(cell), size);
  if (!next) return;
  event.preventDefault();
  const place = `[data-cell="${String(next.row)}/${String(next.column)}"]`;
  const to = event.currentTarget.querySelector<HTMLElement>(place);
  to?.focus();
  // Whole, and not below the names that stay where they are.
  to?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

const Columns = ({ projects }: Pick<MatrixProps, 'projects'>) => (
  <thead>
    <tr>
      <th scope="col">{en.list.person}</th>
      {projects.map(({ id, name, status }) => (
        <th key={id} scope="col" title={name}>
          <bdi className="clamp">{name}</bdi>
          {status !== 'active' && <StatusBadge status={status} words={en.projectStatus[status]} />}
        </th>
      ))}
    </tr>
  </thead>
);

type RowHeadProps = { readonly member: Member; readonly isYou: boolean };

const RowHead = ({ member, isYou }: RowHeadProps) => (
  <th scope="row">
    <Person name={member.displayName} email={member.email} isYou={isYou} />
    {member.role === 'admin' && <span className="inherited only-narrow">{words.everywhere}</span>}
  </th>
);

/** People down, projects across, and in each cell a role. */
export function Matrix({ members, projects, ownId, roleAt, onEdit }: MatrixProps) {
  const hint = useId();
  const [at, setAt] = useState<Cell>({ row: 0, column: 0 });
  const size = { rows: members.length, columns: projects.length };
  const stop = { row: Math.min(at.row, size.rows - 1), column: Math.min(at.column, size.columns - 1) };
  return (
    <>
      <p id={hint} className="soft small keys only-wide">
        {words.keys}
      </p>
      <div className="matrix-box">
        <table
          role="grid"
          className="matrix"
          aria-label={words.grid}
          aria-describedby={hint}
          onKeyDown={(event) => {
            onKey(event, size);
          }}
        >
          <Columns projects={projects} />
          <tbody>
            {members.map((member, row) => (
              <tr key={member.userId}>
                <RowHead member={member} isYou={member.userId === ownId} />
                {projects.map((project, column) => {
                  const from = roleAt(member, project.slug);
                  return (
                    <MatrixCell
                      key={project.id}
                      at={{ row, column }}
                      isTabStop={row === stop.row && column === stop.column}
                      member={member}
                      project={project}
                      granted={grantedRole(member, project.slug)}
                      role={from}
                      onFocus={() => {
                        setAt({ row, column });
                      }}
                      onRole={(to) => {
                        const { userId, displayName } = member;
                        onEdit({ userId, displayName, project: project.slug, from, to });
                      }}
                    />
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
