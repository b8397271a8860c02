import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../median.ts';
import { residentMebibytes } from '../process-facts.ts';
import { signInToGatehouse } from '../sign-in.ts';
import type { Part } from '../part.ts';

const starts = 7;
const settleMs = 6_000;

/** How long until it is ready, with a Postgres that runs and is up to date, and what it then holds in memory. */
export const start: Part = async (run, tell) => {
  const waits: number[] = [];
  for (let started = 0; started < starts; started += 1) {
    const gatehouse = await run.gatehouse();
    waits.push(gatehouse.readyAfterMs);
    await gatehouse.stop();
  }
  tell({ row: 'ready after its start', unit: 'ms', ours: median(waits), target: { most: 500 } });

  const gatehouse = await run.gatehouse();
  await sleep(settleMs);
  tell({ row: 'memory, idle', unit: 'MiB', ours: residentMebibytes(gatehouse.pid), target: { most: 110 } });
  await signInToGatehouse({ url: gatehouse.url, person: 'ada', sender: '10.0.0.1' });
  await sleep(settleMs);
  const used = residentMebibytes(gatehouse.pid);
  tell({ row: 'memory, idle after a sign-in', unit: 'MiB', ours: used, target: { most: 110 } });
};
