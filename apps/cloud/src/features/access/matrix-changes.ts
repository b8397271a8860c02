import type { Member, ProjectRole } from '@gatehouse/contract';

/** A role in a project, or none. */
export type CellRole = ProjectRole | 'none';

/** One turn of one cell, in the order in which they were made. */
export type Edit = {
  readonly userId: string;
  readonly displayName: string;
  readonly project: string;
  readonly from: CellRole;
  readonly to: CellRole;
};

export const isSameCell = (one: Edit, other: Pick<Edit, 'userId' | 'project'>) =>
  one.userId === other.userId && one.project === other.project;

/** What the edits come to: one change for each cell that is not what it was, in the order they were begun. */
export function changesOf(edits: readonly Edit[]): readonly Edit[] {
  const changes = new Map<string, Edit>();
  for (const edit of edits) {
    const key = `${edit.userId} ${edit.project}`;
    changes.set(key, { ...edit, from: changes.get(key)?.from ?? edit.from });
  }
  return [...changes.values()].filter(({ from, to }) => from !== to);
}

/** The changes of each person together, for reading before they are saved. */
export function byPerson(changes: readonly Edit[]) {
  const people = new Map<string, { displayName: string; changes: Edit[] }>();
  for (const change of changes) {
    const person = people.get(change.userId) ?? { displayName: change.displayName, changes: [] };
    person.changes.push(change);
    people.set(change.userId, person);
  }
  return [...people].map(([userId, person]) => ({ userId, ...person }));
}

/** What is in force, as far as the page knows. */
export const grantedRole = ({ projects }: Member, project: string): CellRole =>
  projects?.find((grant) => grant.project === project)?.role ?? 'none';

export type Cell = { readonly row: number; readonly column: number };

const steps: ReadonlyMap<string, Cell> = new Map([
  ['ArrowUp', { row: -1, column: 0 }],
  ['ArrowDown', { row: 1, column: 0 }],
  ['ArrowLeft', { row: 0, column: -1 }],
  ['ArrowRight', { row: 0, column: 1 }],
  ['Home', { row: 0, column: -Infinity }],
  ['End', { row: 0, column: Infinity }],
]);

const within = (place: number, count: number) => Math.min(Math.max(place, 0), count - 1);

/** Where a key leads from a cell, no further than to the edge; nothing for a key that leads nowhere. */
export function cellAfter(key: string, at: Cell, size: { rows: number; columns: number }): Cell | undefined {
  const step = steps.get(key);
  return (
    step && {
      row: within(at.row + step.row, size.rows),
      column: within(at.column + step.column, size.columns),
    }
  );
}
