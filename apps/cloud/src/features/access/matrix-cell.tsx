import type { Member, Project } from '@gatehouse/contract';
import type { FocusEventHandler } from 'react';
import { en } from '../../messages/en.ts';
import type { Cell, CellRole } from './matrix-changes.ts';

const words = en.access;
const roles: readonly CellRole[] = ['none', 'viewer', 'editor', 'admin'];

export const roleWords = (role: CellRole) => (role === 'none' ? words.noneWord : en.projectRole[role]);

type CellProps = {
  readonly at: Cell;
  /** One cell of the grid can be reached with Tab, the others with arrows from there. */
  readonly isTabStop: boolean;
  readonly member: Member;
  readonly project: Project;
  readonly granted: CellRole;
  readonly role: CellRole;
  readonly onFocus: FocusEventHandler;
  readonly onRole: (role: CellRole) => void;
};

/** What one person may do in one project. */
export function MatrixCell({ at, isTabStop, member, project, granted, role, onFocus, onRole }: CellProps) {
  const isChanged = role !== granted;
  const label = words.roleIn(member.displayName, project.name);
  const place = {
    'data-cell': `${String(at.row)}/${String(at.column)}`,
    tabIndex: isTabStop ? 0 : -1,
    onFocus,
  };
  if (member.role === 'admin') {
    return (
      <td data-inherited>
        <span {...place} className="matrix-inherited">
          {en.projectRole.admin}
          <span className="matrix-from">{words.inherited}</span>
        </span>
      </td>
    );
  }
  return (
    <td data-changed={isChanged}>
      <span className="cell-label" aria-hidden>
        <bdi className="clamp">{project.name}</bdi>
      </span>
      <select
        {...place}
        className="choice choice-small"
        data-role={role}
        aria-label={isChanged ? `${label}, ${words.wasRole(roleWords(granted))}` : label}
        value={role}
        onChange={(event) => {
          const chosen = roles.find((one) => one === event.currentTarget.value);
          if (chosen) onRole(chosen);
        }}
      >
        {roles.map((one) => (
          <option key={one} value={one} {...(one === 'none' && { 'aria-label': words.noneWord })}>
            {one === 'none' ? words.none : en.projectRole[one]}
          </option>
        ))}
      </select>
    </td>
  );
}
