import { describe, expect, test } from 'vitest';
import { openCheckMeter } from './check-meter.ts';
import { openDistribution } from './distribution.ts';
import { openRequestMeter } from './request-meter.ts';

describe('how values are distributed', () => {
  test('a value counts in the first bucket whose bound it does not exceed', () => {
    const distribution = openDistribution([0.1, 0.5, 1]);
    for (const value of [0, 0.1, 0.100001, 0.5, 1, 1.5, 90]) distribution.observe(value);
    expect(distribution.read()).toEqual({
      upperBounds: [0.1, 0.5, 1],
      counts: [2, 2, 1, 2],
      sum: expect.closeTo(93.200001, 6) as number,
    });
  });

  test('what was read does not change afterwards', () => {
    const distribution = openDistribution([1]);
    const before = distribution.read();
    distribution.observe(0.5);
    expect(before.counts).toEqual([0, 0]);
  });
});

describe('counted requests', () => {
  const answer = { route: '/', status: 200, seconds: 0.01 };

  test('methods and statuses that nobody ever saw share a place', () => {
    const meter = openRequestMeter();
    for (const method of ['PROPFIND', 'BREW', '']) meter.record({ ...answer, method });
    for (const status of [0, 100, 599, 999]) meter.record({ ...answer, method: 'GET', status });
    expect(meter.read().requests).toEqual([
      { route: '/', method: 'GET', status: '1xx', count: 2 },
      { route: '/', method: 'GET', status: '5xx', count: 2 },
      { route: '/', method: 'other', status: '2xx', count: 3 },
    ]);
  });

  test('the files of a build are one route', () => {
    const meter = openRequestMeter();
    for (const route of ['/auth/assets/a-1.js', '/auth/assets/b-2.css'])
      meter.record({ ...answer, method: 'GET', route });
    expect([...meter.read().seconds.keys()]).toEqual(['/auth/assets/*']);
  });
});

test('counting a check costs less than a microsecond, on the slowest of machines', () => {
  const meter = openCheckMeter();
  const rounds = 200_000;
  const startedMs = performance.now();
  for (let round = 0; round < rounds; round += 1) meter.record('admitted', 0.0004);
  expect((performance.now() - startedMs) / rounds).toBeLessThan(0.001);
  expect(meter.read().results.admitted).toBe(rounds);
});
