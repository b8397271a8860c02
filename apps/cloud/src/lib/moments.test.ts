import { expect, test } from 'vitest';
import { timeSince, timeUntil } from './moments.ts';

const now = new Date('2026-01-10T12:00:00Z');

test.each([
  ['2026-01-24T11:59:57Z', 'in 14 days'],
  ['2026-01-17T12:30:00Z', 'in 7 days'],
  ['2026-01-12T11:59:40Z', 'in 2 days'],
  ['2026-01-12T11:00:00Z', 'in 47 hours'],
  ['2026-01-11T12:00:00Z', 'in 24 hours'],
  ['2026-01-10T19:59:57Z', 'in 8 hours'],
  ['2026-01-10T15:20:00Z', 'in 3 hours'],
  ['2026-01-10T13:59:50Z', 'in 2 hours'],
  ['2026-01-10T13:35:00Z', 'in 95 minutes'],
  ['2026-01-10T12:05:59Z', 'in 6 minutes'],
  ['2026-01-10T12:01:00Z', 'in 1 minute'],
  ['2026-01-10T12:00:59Z', 'in less than a minute'],
  ['2026-01-10T11:00:00Z', 'in less than a minute'],
])('what ends at %s ends %s', (then, words) => {
  expect(timeUntil(new Date(then), now)).toBe(words);
});

test.each([
  ['2026-01-07T12:00:00Z', '3 days ago'],
  ['2026-01-09T12:00:00Z', '24 hours ago'],
  ['2026-01-10T10:00:00Z', '2 hours ago'],
  ['2026-01-10T10:30:00Z', '90 minutes ago'],
  ['2026-01-10T11:59:00Z', '1 minute ago'],
  ['2026-01-10T11:59:01Z', 'just now'],
  ['2026-01-10T12:00:30Z', 'just now'],
])('what happened at %s happened %s', (then, words) => {
  expect(timeSince(new Date(then), now)).toBe(words);
});
