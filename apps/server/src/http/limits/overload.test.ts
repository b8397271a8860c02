import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { watchLoad } from './overload.ts';

function watch(callersWaiting: () => number) {
  const load = watchLoad(callersWaiting);
  onTestFinished(load.stop);
  return load;
}

function admittedOf(load: ReturnType<typeof watch>, asking: number): number {
  return Array.from({ length: asking }, () => load.admits()).filter(Boolean).length;
}

function blockFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('a crowd of one instant is let in only as far as there is room for it', async () => {
  const load = watch(() => 0);
  expect(admittedOf(load, 500)).toBe(100);
  await nextTurn();
  expect(admittedOf(load, 500), 'nobody of them waits any more').toBe(100);
});

test('who waits already takes the room of who comes', () => {
  expect(
    admittedOf(
      watch(() => 70),
      500,
    ),
  ).toBe(30);
  expect(
    admittedOf(
      watch(() => 100),
      500,
    ),
  ).toBe(0);
});

test('a process that is late again and again lets in fewer, but never nobody', async () => {
  const load = watch(() => 0);
  for (let turn = 0; turn < 6; turn += 1) {
    blockFor(180);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(admittedOf(load, 500)).toBe(20);
});

test('one long pause is no overload', async () => {
  const load = watch(() => 0);
  blockFor(400);
  await new Promise((resolve) => setTimeout(resolve, 1));
  expect(admittedOf(load, 500)).toBe(100);
});
