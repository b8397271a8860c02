import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../ask.ts';
import { crowdOfGatehouse } from '../crowd.ts';
import { load } from '../load.ts';
import type { Part, Tell } from '../part.ts';
import { publicHost } from '../programs/gatehouse.ts';
import type { Gatehouse } from '../programs/gatehouse.ts';
import type { Run } from '../run.ts';

const background = 64;
const victims = 100;
const atOnce = 5;
const cutEveryMs = 50;
const boundsMs = [10, 25, 50, 100, 250, 500, 700, 1_000];

/** From the answer to a sign-out at one of three processes until the others refuse that session, while all are busy. */
export const revocation: Part = async (run, tell) => {
  const replicas = [await run.gatehouse(), await run.gatehouse(), await run.gatehouse()];
  const cookies = await crowdOfGatehouse(run.database, background + 2 * victims);
  const cookieFile = `${run.folder}/cookies`;
  await writeFile(cookieFile, cookies.slice(0, background).join('\n'));
  const alive = cookies.slice(background, background + victims);
  const cut = cookies.slice(background + victims);
  await keepingBusy({ replicas, cookieFile }, async () => {
    report('channel alive', await lagsOf(replicas, alive), tell);
    await cutting(run, async () => {
      report('channel cut', await lagsOf(replicas, cut), tell);
    });
  });
};

async function lagsOf(replicas: readonly Gatehouse[], cookies: readonly string[]): Promise<number[]> {
  const waiting = [...cookies];
  const lags: number[] = [];
  const lane = async (): Promise<void> => {
    for (let cookie = waiting.pop(); cookie !== undefined; cookie = waiting.pop()) {
      lags.push(...(await lagsOfOne(replicas, cookie)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return lags;
}

/** One lag for each process that did not do it itself. */
async function lagsOfOne(replicas: readonly Gatehouse[], cookie: string): Promise<number[]> {
  const [own, ...others] = replicas.toSorted(() => Math.random() - 0.5);
  if (own === undefined) throw new Error('there is no process');
  for (const replica of replicas) {
    if ((await check(replica, cookie)) !== 200) throw new Error('a session was not known everywhere');
  }
  const headers = { host: publicHost, cookie, 'x-csrf': '1' };
  const answer = await ask(new URL('/auth/logout', own.url), { method: 'POST', headers });
  if (answer.status !== 204) throw new Error(`not signed out: ${answer.status} ${answer.body}`);
  const endedMs = performance.now();
  return await Promise.all(others.map((replica) => lagAt(replica, cookie, endedMs)));
}

/** Until the last check that was still let in was asked: what is asked later is refused. */
async function lagAt(replica: Gatehouse, cookie: string, endedMs: number): Promise<number> {
  let lagMs = 0;
  for (;;) {
    const askedMs = performance.now();
    const status = await check(replica, cookie);
    if (status === 401) return lagMs;
    if (status === 200) lagMs = Math.max(0, askedMs - endedMs);
    await sleep(1);
  }
}

async function check({ url }: Gatehouse, cookie: string): Promise<number> {
  return (await ask(new URL('/auth/verify', url), { headers: { host: publicHost, cookie } })).status;
}

type Busy = { readonly replicas: readonly Gatehouse[]; readonly cookieFile: string };

/** Checks of other sessions at all processes while `work` runs. */
async function keepingBusy({ replicas, cookieFile }: Busy, work: () => Promise<void>): Promise<void> {
  const over = new AbortController();
  const busy = replicas.map(async ({ url }) => {
    const asked = { url: new URL('/auth/verify', url), cookieFile, seconds: 2, connections: 2 };
    while (!over.signal.aborted) await load(asked);
  });
  try {
    await work();
  } finally {
    over.abort();
    await Promise.all(busy);
  }
}

/** Ends the connections that changes are followed on, again and again. */
async function cutting({ database }: Run, work: () => Promise<void>): Promise<void> {
  const over = new AbortController();
  const cut = (async () => {
    while (!over.signal.aborted) {
      await database.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'gatehouse changes'`);
      await sleep(cutEveryMs);
    }
  })();
  try {
    await work();
  } finally {
    over.abort();
    await cut;
  }
}

function report(row: string, lags: readonly number[], tell: Tell): void {
  const sorted = lags.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? NaN;
  process.stdout.write(`\nrevocation lag, ${row}: ${sorted.length} lags, half ${at(0.5).toFixed(0)} ms\n`);
  let from = 0;
  for (const bound of [...boundsMs, Infinity]) {
    const count = sorted.filter((lag) => lag >= from && lag < bound).length;
    const bar = '#'.repeat(Math.ceil((50 * count) / sorted.length));
    process.stdout.write(
      `${bound === Infinity ? '  more' : `<${String(bound).padStart(5)}`} ms ${String(count).padStart(4)} ${bar}\n`,
    );
    from = bound;
  }
  const target = { most: 1_000 };
  tell({ row: `revocation lag, ${row}, 99th of 100`, unit: 'ms', ours: at(0.99), target });
}
