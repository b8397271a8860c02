import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openLog } from '../log.ts';
import { addToSum } from './refusal-sums.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function openSums() {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const log = openLog({ level: 'info', stream });
  const refuse = (code: string, times: number) => {
    for (let time = 0; time < times; time += 1) addToSum(log, { code });
  };
  return { refuse, told: () => lines.map((line) => /"code":"(\w+)","refused":(\d+)/.exec(line)?.slice(1)) };
}

test('the first refusal is told at once, the others by the minute, each kind for itself, and quiet is not told', () => {
  const { refuse, told } = openSums();
  refuse('overloaded', 500);
  refuse('rate_limited', 2);
  expect(told()).toEqual([
    ['overloaded', '1'],
    ['rate_limited', '1'],
  ]);
  vi.advanceTimersByTime(60_000);
  expect(told().slice(2)).toEqual([
    ['overloaded', '499'],
    ['rate_limited', '1'],
  ]);
  vi.advanceTimersByTime(600_000);
  expect(told()).toHaveLength(4);
  expect(vi.getTimerCount()).toBe(0);
  refuse('overloaded', 1);
  expect(told().at(-1)).toEqual(['overloaded', '1']);
});
