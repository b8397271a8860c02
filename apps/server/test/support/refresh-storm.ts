import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBrowser } from './browser.ts';
import type { Answer, Browser } from './browser.ts';
import { publicOrigin, startCloud } from './processes.ts';
import type { RunningCloud, Variables } from './processes.ts';
import { refresh } from './tokens.ts';

export type StormyReplicas = {
  /** One after the other, whether it lives or not: as a balancer chooses that has not noticed yet. */
  next(): URL;
  at(place: number): RunningCloud;
  kill(place: number): Promise<void>;
  /** Starts another one in the place of one that was killed. */
  replace(place: number): Promise<void>;
};

export async function startStormyReplicas(env: Variables): Promise<StormyReplicas> {
  const clouds = await Promise.all([startCloud(env), startCloud(env), startCloud(env)]);
  let turn = 0;
  const at = (place: number): RunningCloud => {
    const cloud = clouds[place % clouds.length];
    if (cloud === undefined) throw new Error('there is no replica');
    return cloud;
  };
  return {
    next: () => at((turn += 1)).address,
    at,
    async kill(place) {
      at(place).signal('SIGKILL');
      await at(place).end;
    },
    async replace(place) {
      clouds[place] = await startCloud(env);
    },
  };
}

/** A browser each of whose requests may meet another replica. */
export function stormyBrowser({ next }: Pick<StormyReplicas, 'next'>): Browser {
  return openBrowser({ publicOrigin, serverAddress: next });
}

const retryMs = 20;
const givesUpMs = 8_000;

/** What a tab's refresh ends in: where there was no answer, it asks again with what its browser holds by then. */
export async function refreshInTab(browser: Browser): Promise<Answer> {
  const startedMs = performance.now();
  while (performance.now() - startedMs < givesUpMs) {
    const answer = await refresh(browser).catch(() => undefined);
    if (answer !== undefined && answer.status !== 503) return answer;
    await sleep(retryMs);
  }
  throw new Error('nobody answered a refresh');
}

/** A refresh that was done and whose answer nobody reads; nothing where its replica was killed meanwhile. */
export async function loseRefresh(browser: Browser, { next }: Pick<StormyReplicas, 'next'>): Promise<void> {
  const headers = { host: publicOrigin.host, cookie: browser.cookieHeader(), 'x-csrf': '1' };
  const url = new URL('/api/v1/auth/refresh', next());
  await new Promise<void>((resolve) => {
    const asked = httpRequest(url, { method: 'POST', headers, agent: false });
    asked.once('response', () => asked.destroy());
    asked.on('error', () => undefined); // `close` follows
    asked.once('close', resolve);
    asked.end();
  });
}
