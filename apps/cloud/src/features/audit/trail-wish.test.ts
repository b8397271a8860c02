import { expect, test } from 'vitest';
import { isNarrowed, periodOf, periods, readTrailWish, trailQuery } from './trail-wish.ts';

const now = new Date('2026-05-10T12:00:00.000Z');
const actor = '01990000-0000-7000-8000-000000000001';
const queryOf = (search: Record<string, unknown>) =>
  Object.fromEntries(trailQuery(readTrailWish(search), now));

test('without a word about it, the last thirty days are shown, of everybody and everything', () => {
  expect(queryOf({})).toEqual({ from: '2026-04-10T12:00:00.000Z' });
  expect(periodOf({})).toBe('month');
  expect(readTrailWish({ period: 'month' })).toEqual({});
});

test.each([
  ['hour', '2026-05-10T11:00:00.000Z'],
  ['day', '2026-05-09T12:00:00.000Z'],
  ['week', '2026-05-03T12:00:00.000Z'],
])('the last %s is counted back from now', (period, from) => {
  expect(queryOf({ period })).toEqual({ from });
});

test('any time has no bounds, and a custom period those it names', () => {
  expect(queryOf({ period: 'always', from: '2026-01-01T00:00:00Z' })).toEqual({});
  const custom = { from: '2026-01-01T00:00:00.000Z', until: '2026-02-01T00:00:00.000Z' };
  expect(queryOf({ period: 'custom', ...custom })).toEqual(custom);
});

test('each filter of the address reaches the server', () => {
  const filter = { actor, type: 'invitation.created', result: 'refused', query: '7KQM3XRD' };
  expect(queryOf({ period: 'always', ...filter })).toEqual(filter);
  expect(isNarrowed(readTrailWish(filter))).toBe(true);
  expect(isNarrowed(readTrailWish({ period: 'hour' }))).toBe(false);
});

test('what the server would refuse is left out rather than failing the page', () => {
  const odd = { period: 'century', actor: 'ada', type: 'DROP TABLE', result: 'maybe', query: 'a\u0000b' };
  expect(readTrailWish(odd)).toEqual({});
  expect(readTrailWish({ period: 'custom', from: 'yesterday', until: '' })).toEqual({ period: 'custom' });
});

test('reading what was read gives the same', () => {
  for (const period of periods) {
    const wish = readTrailWish({ period, actor, query: 'x' });
    expect(readTrailWish(wish)).toEqual(wish);
  }
});
