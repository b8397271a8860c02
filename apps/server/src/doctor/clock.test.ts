import { describe, expect, test } from 'vitest';
import { openGroup } from './check.ts';
import { aheadMsOf, clockCheck, databaseClock, providerClock } from './clock.ts';

const at = (text: string) => new Date(`2026-03-01T12:00:${text}Z`);
const date = 'Sun, 01 Mar 2026 12:00:10 GMT';

describe('how far the other clock is ahead', () => {
  test.each([
    ['a date is cut to the second', { date }, 0],
    [
      'a copy in a cache was dated when it was made',
      { date: 'Sun, 01 Mar 2026 11:10:10 GMT', age: '3000' },
      0,
    ],
    ['an age that is none counts for nothing', { date, age: 'old' }, 0],
    ['a negative age counts for nothing', { date, age: '-40' }, 0],
    ['a clock that is fast', { date: 'Sun, 01 Mar 2026 12:05:10 GMT' }, 300_000],
    ['a clock that is slow', { date: 'Sun, 01 Mar 2026 11:59:10 GMT' }, -60_000],
  ])('%s', (_, headers, expected) => {
    const answered = { headers: new Headers(headers), askedAt: at('09.5'), answeredAt: at('11.5') };
    expect(aheadMsOf(answered)).toBe(expected);
  });

  test('an answer without a date says nothing', () => {
    for (const headers of [new Headers(), new Headers({ date: 'yesterday' })])
      expect(aheadMsOf({ headers, askedAt: at('10'), answeredAt: at('10') })).toBeUndefined();
  });
});

describe('X-17 what two clocks that disagree mean', () => {
  const statusAt = (limits: typeof providerClock, aheadMs: number) =>
    clockCheck(openGroup('google'), { aheadMs, whose: 'the clock of p', why: 'Because.', limits }).status;

  test.each([
    [0, 'ok'],
    [5_000, 'ok'],
    [5_001, 'warning'],
    [30_000, 'warning'],
    [60_000, 'warning'],
    [60_001, 'failed'],
    [300_000, 'failed'],
  ])('a provider that is %i ms off, either way: %s', (offsetMs, status) => {
    expect(statusAt(providerClock, offsetMs)).toBe(status);
    expect(statusAt(providerClock, -offsetMs)).toBe(status);
  });

  test.each([
    [2_000, 'ok'],
    [2_001, 'warning'],
    [60_000, 'warning'],
    [60_001, 'failed'],
  ])('a database that is %i ms off: %s', (offsetMs, status) => {
    expect(statusAt(databaseClock, offsetMs)).toBe(status);
  });

  test('it is said which of them is ahead, and how to mend it', () => {
    const sight = { whose: 'the clock of p', why: 'Because.', limits: providerClock };
    const behind = clockCheck(openGroup('google'), { ...sight, aheadMs: -42_000 });
    expect(behind).toMatchObject({ found: 'the clock of p is 42 s behind ours', why: 'Because.' });
    expect(behind.mend).toContain('timedatectl');
    const ahead = clockCheck(openGroup('google'), { ...sight, aheadMs: 1_240 });
    expect(ahead).toEqual({
      group: 'google',
      name: 'clock',
      status: 'ok',
      found: 'the clock of p is 1.2 s ahead of ours',
    });
  });
});
