import { expect, test } from 'vitest';
import { byPerson, cellAfter, changesOf } from './matrix-changes.ts';
import type { CellRole, Edit } from './matrix-changes.ts';

const turn = (person: string, project: string, [from, to]: [CellRole, CellRole]): Edit => ({
  userId: person,
  displayName: person.toUpperCase(),
  project,
  from,
  to,
});

test('a cell that was turned twice is one change, from what it was first to what it is last', () => {
  const edits = [
    turn('ada', 'reports', ['none', 'viewer']),
    turn('ben', 'reports', ['editor', 'none']),
    turn('ada', 'reports', ['viewer', 'admin']),
  ];
  expect(changesOf(edits)).toEqual([
    turn('ada', 'reports', ['none', 'admin']),
    turn('ben', 'reports', ['editor', 'none']),
  ]);
});

test('a cell that was turned back is no change', () => {
  const edits = [turn('ada', 'reports', ['none', 'viewer']), turn('ada', 'reports', ['viewer', 'none'])];
  expect(changesOf(edits)).toEqual([]);
});

test('undoing the last turn leaves what the turns before it come to', () => {
  const edits = [turn('ada', 'reports', ['none', 'viewer']), turn('ada', 'reports', ['viewer', 'none'])];
  expect(changesOf(edits.slice(0, -1))).toEqual([turn('ada', 'reports', ['none', 'viewer'])]);
});

test('changes are read person by person', () => {
  const changes = [
    turn('ada', 'reports', ['none', 'viewer']),
    turn('ben', 'reports', ['none', 'viewer']),
    turn('ada', 'robots', ['viewer', 'none']),
  ];
  expect(byPerson(changes).map(({ displayName, changes: own }) => [displayName, own.length])).toEqual([
    ['ADA', 2],
    ['BEN', 1],
  ]);
});

test.each([
  ['ArrowUp', { row: 0, column: 1 }],
  ['ArrowDown', { row: 2, column: 1 }],
  ['ArrowLeft', { row: 1, column: 0 }],
  ['ArrowRight', { row: 1, column: 2 }],
  ['Home', { row: 1, column: 0 }],
  ['End', { row: 1, column: 3 }],
  ['Enter', undefined],
])('%s leads from the middle to %j', (key, cell) => {
  expect(cellAfter(key, { row: 1, column: 1 }, { rows: 3, columns: 4 })).toEqual(cell);
});

test('an arrow leads over no edge', () => {
  expect(cellAfter('ArrowUp', { row: 0, column: 0 }, { rows: 1, columns: 1 })).toEqual({ row: 0, column: 0 });
  expect(cellAfter('ArrowRight', { row: 0, column: 0 }, { rows: 1, columns: 1 })).toEqual({
    row: 0,
    column: 0,
  });
});
