import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openCrew } from './crew.ts';
import type { WorkerProcess } from './worker-process.ts';

type Fake = WorkerProcess & {
  /** What it was told, in order. */
  readonly told: readonly string[];
  listens(): void;
  becomesReady(): void;
  dies(): void;
};

function fakeWorker(pid: number): Fake {
  const listening = Promise.withResolvers<boolean>();
  const ready = Promise.withResolvers<boolean>();
  const ended = Promise.withResolvers<string>();
  const told: string[] = [];
  let hasEnded = false;
  const dies = () => {
    hasEnded = true;
    ended.resolve('exit code 1');
    listening.resolve(false);
    ready.resolve(false);
  };
  const hear = (order: string) => () => {
    told.push(order);
    dies();
  };
  return {
    pid,
    told,
    listening: listening.promise,
    ready: ready.promise,
    ended: ended.promise,
    hasEnded: () => hasEnded,
    retire: hear('retire'),
    stop: hear('stop'),
    kill: hear('kill'),
    listens: () => {
      listening.resolve(true);
    },
    becomesReady: () => {
      ready.resolve(true);
    },
    dies,
  };
}

const moment = () => sleep(5);

function openFakeCrew(count: number, limits: NonNullable<Parameters<typeof openCrew>[0]['limits']> = {}) {
  const workers: Fake[] = [];
  const lines: string[] = [];
  const log = {
    info: (_facts: object, line: string) => lines.push(line),
    error: (_facts: object, line: string) => lines.push(line),
  };
  const start = () => {
    const worker = fakeWorker(workers.length + 1);
    workers.push(worker);
    return worker;
  };
  const crew = openCrew({ count, log, start, limits: { firstPauseMs: 1, longestPauseMs: 2, ...limits } });
  return { crew, workers, lines };
}

async function openRunningCrew(count: number, limits = {}) {
  const opened = openFakeCrew(count, limits);
  const ran = opened.crew.run();
  opened.workers[0]?.listens();
  await moment();
  for (const worker of opened.workers) {
    worker.listens();
    worker.becomesReady();
  }
  await moment();
  return { ...opened, ran };
}

describe('starting', () => {
  test('one comes first, the others when it listens, and it is told when all are ready', async () => {
    const { crew, workers, lines } = openFakeCrew(3);
    void crew.run();
    await moment();
    expect(workers).toHaveLength(1);
    workers[0]?.listens();
    await moment();
    expect(workers).toHaveLength(3);
    expect(lines).toEqual([]);
    for (const worker of workers) worker.becomesReady();
    await moment();
    expect(lines).toEqual(['every worker is ready']);
  });

  test('if the first ends before it listens, no other is started', async () => {
    const { crew, workers } = openFakeCrew(3);
    const ran = crew.run();
    workers[0]?.dies();
    expect(await ran).toBe(false);
    expect(workers).toHaveLength(1);
  });

  test('told to stop before, it starts nobody', async () => {
    const { crew, workers } = openFakeCrew(3);
    crew.stop();
    expect(await crew.run()).toBe(true);
    expect(workers).toEqual([]);
  });
});

describe('a worker that ends', () => {
  test('is replaced, again and again', async () => {
    const { workers } = await openRunningCrew(2);
    for (let time = 0; time < 7; time += 1) {
      workers.at(-1)?.dies();
      await moment();
    }
    expect(workers).toHaveLength(9);
  });

  test('five times in a row, with nobody left who serves, is the end of it', async () => {
    const { workers, ran } = await openRunningCrew(2);
    for (let time = 0; time < 12; time += 1) {
      for (const worker of workers) if (!worker.hasEnded()) worker.dies();
      await moment();
    }
    expect(await ran).toBe(false);
    expect(workers.every((worker) => worker.hasEnded())).toBe(true);
  });
});

describe('replacing all', () => {
  test('not before the first one has shown that it can work', async () => {
    const { crew, workers } = openFakeCrew(2);
    const ran = crew.run();
    crew.replaceAll();
    await moment();
    expect(workers).toHaveLength(1);
    workers[0]?.listens();
    await moment();
    expect(workers, 'the second, and one in the place of the first').toHaveLength(3);
    workers[2]?.becomesReady();
    await moment();
    expect(workers[0]?.told).toEqual(['retire']);
    crew.stop();
    expect(await ran).toBe(true);
  });

  test('none is told to go before another is ready', async () => {
    const { crew, workers, lines } = await openRunningCrew(2);
    crew.replaceAll();
    await moment();
    expect(workers).toHaveLength(3);
    expect(workers.flatMap(({ told }) => told)).toEqual([]);
    workers[2]?.becomesReady();
    await moment();
    expect(workers.map(({ told }) => told)).toEqual([['retire'], [], [], []]);
    workers[3]?.becomesReady();
    await moment();
    expect(workers.map(({ told }) => told)).toEqual([['retire'], ['retire'], [], []]);
    expect(lines.at(-1)).toBe('every worker was replaced');
  });

  test('with a new one that does not become ready, the old ones stay', async () => {
    const { crew, workers, lines } = await openRunningCrew(2, { readyWithinMs: 5 });
    crew.replaceAll();
    await sleep(30);
    expect(workers.map(({ told }) => told)).toEqual([[], [], ['kill']]);
    expect(lines.at(-1)).toContain('did not become ready');
  });

  test('asked three times meanwhile, it is done once more', async () => {
    const { crew, workers, lines } = await openRunningCrew(1);
    for (let time = 0; time < 4; time += 1) crew.replaceAll();
    for (let time = 0; time < 4; time += 1) {
      workers.at(-1)?.becomesReady();
      await moment();
    }
    expect(lines.filter((line) => line === 'every worker was replaced')).toHaveLength(2);
    expect(workers).toHaveLength(3);
  });
});

test('stopping, who is still there after the limit is cut off', async () => {
  const { crew, workers, ran } = await openRunningCrew(2, { finishWithinMs: 20 });
  const [stubborn] = workers;
  if (stubborn !== undefined) Object.assign(stubborn, { stop: () => undefined });
  crew.stop();
  expect(await ran).toBe(true);
  expect(workers.map(({ told }) => told)).toEqual([['kill'], ['stop']]);
});
