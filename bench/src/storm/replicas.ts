import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../programs/program.ts';
import type { Contender, Replica } from './contender.ts';

export type Replicas = {
  /** One of them, whether it lives or not: as a balancer chooses that has not noticed yet. */
  any(): URL;
  kills(): number;
  /** No more kills from now on; resolves when all are ready. */
  calm(): Promise<void>;
};

const count = 3;
const leastPauseMs = 300;
const mostPauseMs = 1_500;

/** Starts three on one database, then kills one after the other, at random, and starts it again. */
export async function openReplicas(contender: Contender): Promise<Replicas> {
  const ports = await Promise.all(Array.from({ length: count }, freePort));
  const replicas: Replica[] = [];
  for (const port of ports) replicas.push(await contender.start(port));
  const over = new AbortController();
  let kills = 0;
  const killing = (async () => {
    while (!over.signal.aborted) {
      await sleep(leastPauseMs + Math.random() * (mostPauseMs - leastPauseMs));
      const place = Math.floor(Math.random() * count);
      await replicas[place]?.kill();
      kills += 1;
      replicas[place] = await contender.start(ports[place] ?? 0);
    }
  })();
  killing.catch(() => undefined); // whoever calms the storm is told
  return {
    any: () => new URL(`http://127.0.0.1:${ports[Math.floor(Math.random() * count)] ?? 0}`),
    kills: () => kills,
    async calm() {
      over.abort();
      await killing;
    },
  };
}
