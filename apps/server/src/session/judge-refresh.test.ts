import { expect, test } from 'vitest';
import { judgeRefresh, refreshGraceMs } from './judge-refresh.ts';
import type { RefreshJudgement } from './judge-refresh.ts';

const now = new Date('2026-03-01T12:00:00Z');
const ages = {
  'of another clock’s future': -1,
  'just now': 0,
  'within the grace': refreshGraceMs - 1,
  'at its end': refreshGraceMs,
  'long ago': 7 * refreshGraceMs,
};
type Age = keyof typeof ages;
const ago = (age: Age) => new Date(now.getTime() - ages[age]);
const isYoung = (age: Age) => ages[age] < refreshGraceMs;
// The keys of `ages` alone.
const names = Object.keys(ages) as Age[];

const matrix = names.flatMap((created) =>
  [null, ...names].flatMap((rotated) =>
    [true, false].map((didRotate) => ({ created, rotated, didRotate }) as const),
  ),
);

function expected({ created, rotated, didRotate }: (typeof matrix)[number]): RefreshJudgement {
  if (didRotate) return 'rotated';
  if (rotated !== null) return isYoung(rotated) ? 'successor' : 'replayed';
  return isYoung(created) ? 'itself' : 'overtaken';
}

test('the grace is ten seconds', () => {
  expect(refreshGraceMs).toBe(10_000);
});

test.each(matrix)('made $created, used $rotated, rotated now: $didRotate', (row) => {
  const { created, rotated, didRotate } = row;
  const rotatedAt = rotated === null ? null : ago(rotated);
  expect(judgeRefresh({ createdAt: ago(created), rotatedAt, didRotate }, now)).toBe(expected(row));
});
