import { expect, test } from 'vitest';
import { timeUntil } from './moments.ts';

const now = new Date('2026-01-10T12:00:00Z');

test.each([
  ['2026-01-17T12:30:00Z', 'in 7 days'],
  ['2026-01-11T12:00:00Z', 'tomorrow'],
  ['2026-01-11T11:59:00Z', 'in 23 hours'],
  ['2026-01-10T12:05:59Z', 'in 5 minutes'],
  ['2026-01-10T12:00:59Z', 'in less than a minute'],
  ['2026-01-10T11:00:00Z', 'in less than a minute'],
])('what ends at %s ends %s', (then, words) => {
  expect(timeUntil(new Date(then), now)).toBe(words);
});
