import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Browser } from './browser.ts';
import { asAdmin } from './databases.ts';
import { publicOrigin, startCloud, until } from './processes.ts';
import type { RunningCloud } from './processes.ts';
import { environmentOf } from './world.ts';
import type { StandIns } from './world.ts';

/** A replica, and the one person's browser as it reaches that replica. */
export type Replica = { readonly cloud: RunningCloud; readonly browser: Browser };

/** Three processes on one Postgres that all know one signed-in session. */
export async function startThreeReplicas(
  standIns: StandIns,
  databaseUrl: string | readonly string[],
): Promise<readonly Replica[]> {
  const urls = typeof databaseUrl === 'string' ? Array.from({ length: 3 }, () => databaseUrl) : databaseUrl;
  const clouds = await Promise.all(
    urls.map((url) => startCloud({ ...environmentOf(standIns, publicOrigin, ''), DATABASE_URL: url })),
  );
  standIns.google.signsInAs('ada');
  const [first] = clouds;
  const original = first?.newBrowser();
  await original?.signIn('google');
  const replicas = clouds.map((cloud) => {
    const browser = cloud.newBrowser();
    for (const [name, value] of original?.cookies ?? []) browser.cookies.set(name, value);
    return { cloud, browser };
  });
  for (const { browser } of replicas) await until(async () => (await verify(browser)) === 200, 5_000);
  return replicas;
}

export async function verify(browser: Browser): Promise<number> {
  return (await browser.get('/auth/verify')).status;
}

export type Watch = {
  /** Every answer so far: when it was asked for, and what came. */
  readonly answers: readonly { readonly askedMs: number; readonly status: number }[];
  stop(): Promise<void>;
};

/** Asks again and again, as a product behind the gate does. */
export function keepAsking(browser: Browser): Watch {
  const answers: { askedMs: number; status: number }[] = [];
  const stopping = new AbortController();
  const asking = (async () => {
    while (!stopping.signal.aborted) {
      const askedMs = performance.now();
      answers.push({ askedMs, status: await verify(browser) });
      await sleep(2);
    }
  })();
  return {
    answers,
    async stop() {
      stopping.abort();
      await asking;
    },
  };
}

/** Ends the person's sessions as an operator with `psql` would; resolves with the time by which it was committed. */
export async function revokeAll(database: string): Promise<number> {
  await asAdmin(database, (client) =>
    client.query(
      `update gatehouse.sessions set ended_at = now(), ended_because = 'revoked' where ended_at is null`,
    ),
  );
  return performance.now();
}

const boundMs = 1_000;

/** No yes to a question that was asked a second after the revocation, no no to one asked before it. */
export function expectNoWrongAnswer({ answers }: Watch, revokedMs: number): void {
  const late = answers.filter(({ askedMs, status }) => status === 200 && askedMs > revokedMs + boundMs);
  expect(late, 'a stale yes').toEqual([]);
  const early = answers.filter(({ askedMs, status }) => status === 401 && askedMs < revokedMs - 1_500);
  expect(early, 'a wrong no').toEqual([]);
  for (const { status } of answers) expect([200, 401, 503]).toContain(status);
  expect(answers.at(-1)?.status, 'in the end').toBe(401);
}
