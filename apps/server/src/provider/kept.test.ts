import { beforeEach, expect, test } from 'vitest';
import { keep } from './kept.ts';

const hourMs = 3_600_000;
let nowMs: number;
let loads: number;
let answer: () => Promise<string>;
const clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs };
const { signal } = new AbortController();

beforeEach(() => {
  nowMs = 0;
  loads = 0;
  answer = () => Promise.resolve(`copy ${loads}`);
});

function open() {
  return keep(() => {
    loads += 1;
    return answer();
  }, clock);
}

test('is fetched once for all who wait, and then kept for an hour', async () => {
  const kept = open();
  expect(await Promise.all([kept.read(signal), kept.read(signal)])).toEqual(['copy 1', 'copy 1']);
  nowMs = hourMs - 1;
  expect(await kept.read(signal)).toBe('copy 1');
  expect(loads).toBe(1);
  nowMs = hourMs;
  expect(await kept.read(signal)).toBe('copy 2');
});

test('a failure is not kept: the next one asks again', async () => {
  const kept = open();
  answer = () => Promise.reject(new Error('down'));
  await expect(kept.read(signal)).rejects.toThrow('down');
  answer = () => Promise.resolve('up');
  expect(await kept.read(signal)).toBe('up');
});

test('an old copy serves for a day while fetching fails, which is tried once a minute', async () => {
  const kept = open();
  await kept.read(signal);
  answer = () => Promise.reject(new Error('down'));
  nowMs = 2 * hourMs;
  expect(await kept.read(signal)).toBe('copy 1');
  expect(await kept.read(signal)).toBe('copy 1');
  expect(loads).toBe(2);
  nowMs += 60_000;
  await kept.read(signal);
  expect(loads).toBe(3);
  nowMs = 24 * hourMs;
  await expect(kept.read(signal)).rejects.toThrow('down');
});

test('somebody whose time is up waits no longer, and takes nothing from the others', async () => {
  const kept = open();
  const arrival = Promise.withResolvers<string>();
  answer = () => arrival.promise;
  const impatient = new AbortController();
  const given = kept.read(impatient.signal);
  const patient = kept.read(signal);
  impatient.abort();
  await expect(given).rejects.toMatchObject({
    code: 'provider_unavailable',
    context: { finding: 'timeout' },
  });
  arrival.resolve('at last');
  expect(await patient).toBe('at last');
  expect(loads).toBe(1);
});
