import { setTimeout as sleep } from 'node:timers/promises';
import { ask, askAndLose, cookiesOf } from '../ask.ts';
import type { Answer } from '../ask.ts';
import type { Contender, Jar } from './contender.ts';
import type { Replicas } from './replicas.ts';

export type Counts = {
  answered: number;
  /** Refused as somebody who is not signed in: how long each of these requests was under way. */
  readonly signedOutAfterMs: number[];
  /** Answers that nobody read, connections that broke, refusals for lack of room. */
  lost: number;
  broken: number;
  busy: number;
  /** From the first try until there was an answer. */
  readonly tookMs: number[];
};

export const noCounts = (): Counts => ({
  answered: 0,
  signedOutAfterMs: [],
  lost: 0,
  broken: 0,
  busy: 0,
  tookMs: [],
});

export type Storm = { readonly contender: Contender; readonly replicas: Replicas; readonly counts: Counts };

const lostShare = 0.15;
const mostWaitMs = 25;
const leastRetryMs = 40;
const mostRetryMs = 250;
const givesUpMs = 60_000;
const again = new Set([429, 503]);

/** A tab that refreshes, and tries again where there was no answer, with whatever its browser holds by then. */
export async function refreshUntilAnswered(storm: Storm, jar: Jar, mayLose = true): Promise<Answer> {
  const startedMs = performance.now();
  if (mayLose && Math.random() < lostShare) {
    await lose(storm, jar);
    await pause();
  }
  while (performance.now() - startedMs < givesUpMs) {
    const answer = await tryOnce(storm, jar);
    if (answer !== undefined) {
      storm.counts.tookMs.push(performance.now() - startedMs);
      return answer;
    }
    await pause();
  }
  throw new Error(`${storm.contender.name} did not answer a refresh in a minute`);
}

async function pause(): Promise<void> {
  await sleep(leastRetryMs + Math.random() * (mostRetryMs - leastRetryMs));
}

async function tryOnce(storm: Storm, jar: Jar): Promise<Answer | undefined> {
  const { counts, replicas } = storm;
  const startedMs = performance.now();
  const answer = await ask(addressOf(storm, replicas.any()), askingOf(storm, jar)).catch(() => undefined);
  if (answer === undefined || again.has(answer.status)) {
    counts[answer === undefined ? 'broken' : 'busy'] += 1;
    return undefined;
  }
  if (answer.status === 200) {
    counts.answered += 1;
    // The last one wins, as in a browser.
    jar.cookie = cookiesOf(answer) || jar.cookie;
  } else counts.signedOutAfterMs.push(performance.now() - startedMs);
  return answer;
}

async function lose(storm: Storm, jar: Jar): Promise<void> {
  storm.counts.lost += 1;
  await askAndLose(addressOf(storm, storm.replicas.any()), askingOf(storm, jar), Math.random() * mostWaitMs);
}

function addressOf({ contender }: Storm, url: URL): URL {
  return new URL(contender.refresh.path, url);
}

let senders = 0;

/** Always from elsewhere, since senders are limited. */
function askingOf({ contender: { refresh } }: Storm, { cookie }: Jar) {
  senders += 1;
  const sender = `10.2.${(senders >> 8) & 255}.${senders & 255}`;
  return { method: refresh.method, headers: { ...refresh.headers, cookie, 'x-forwarded-for': sender } };
}
