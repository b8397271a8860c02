import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { forgetLimits } from '../../src/db/limit-store.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { inSystem } from '../../src/db/scopes.ts';
import type { Answer, Browser } from '../support/browser.ts';
import { connectionTo } from '../support/databases.ts';
import { codeOf } from '../support/matchers.ts';
import { test } from '../support/world.ts';
import type { World } from '../support/world.ts';

const most = 1_200;
const mostAlone = 600;
const promised = 600;

const start = '/auth/login?provider=google';

/** What the limiter's refusals must leave as it was. */
const written = ['attempts', 'traces', 'audit_events', 'sessions'] as const;

async function rowsOf(w: World): Promise<Record<string, number>> {
  return Object.fromEntries(
    await Promise.all(written.map(async (table) => [table, await w.count(table)] as const)),
  );
}

type Flood = { readonly times: number; readonly inParallel?: number };

async function flood(ask: () => Promise<Answer>, { times, inParallel = 20 }: Flood): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let sent = 0; sent < times; sent += inParallel) {
    const size = Math.min(inParallel, times - sent);
    answers.push(...(await Promise.all(Array.from({ length: size }, ask))));
  }
  return answers;
}

function countsOf(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const kind = codeOf(answer) ?? String(answer.status);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** As if this many had come already; the minute of every counter ends then. */
async function setCount(w: World, points: number, endsInMs = 60_000): Promise<void> {
  await w.sql('update rate_limits set points = $1, expire = $2', [points, Date.now() + endsInMs]);
}

function callbackOf(browser: Browser): () => Promise<Answer> {
  return () => browser.get('/auth/callback?state=nobody-knows&code=x');
}

function expectRefused(answer: Answer): void {
  expect(answer).toBeProblem(429, 'rate_limited');
  expect(answer.headers['retry-after']).toMatch(/^\d+$/);
  const seconds = Number(answer.headers['retry-after']);
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(60);
}

describe('an office behind one address', () => {
  test('may start six hundred sign-ins and finish as many in a minute', async ({ w }) => {
    const begun = Date.now();
    const starts = await flood(() => w.newBrowser().get(start), { times: promised });
    const callbacks = await flood(callbackOf(w.browser), { times: promised });
    expect(Date.now() - begun, 'all within one minute').toBeLessThan(60_000);
    expect(countsOf(starts)).toEqual({ '302': promised });
    expect(countsOf(callbacks)).toEqual({ attempt_invalid: promised });
  }, 90_000);

  test('D-03 beyond its limit it is told when to come back, and nothing is written', async ({ w }) => {
    await w.browser.get(start);
    await setCount(w, most - 1);
    expect((await w.browser.get(start)).status, 'the last one').toBe(302);
    const before = await rowsOf(w);
    const refused = await flood(() => w.newBrowser().get(start), { times: 100 });
    for (const answer of refused) expectRefused(answer);
    expect(await rowsOf(w)).toEqual(before);
    expect(await w.sql('select points from rate_limits'), 'refused from memory').toEqual([{ points: most }]);
  });

  test('a person is shown the error page, with the same Retry-After', async ({ w }) => {
    await w.browser.get(start);
    await setCount(w, most);
    const answer = await w.browser.ask(start);
    expect(answer.status).toBe(303);
    expect(answer).toBeRefusedWith('rate_limited');
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
  });

  test('that was refused a callback finishes the same sign-in when the minute is over', async ({ w }) => {
    w.google.signsInAs('ada');
    await callbackOf(w.browser)();
    const { callback, callbackUrl } = await w.browser.beginSignIn('google', { returnTo: '/desk' });
    await setCount(w, most, 1_500);
    const before = await rowsOf(w);
    const refused = await w.browser.get(callbackUrl);
    expectRefused(refused);
    expect(refused.headers['retry-after']).toMatch(/^[12]$/);
    expect(await rowsOf(w)).toEqual(before);
    await sleep(Number(refused.headers['retry-after']) * 1_000);
    expect(await callback()).toRedirectTo('/desk');
  });

  test('that starts too often still finishes what it began', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callback } = await w.browser.beginSignIn('google');
    await setCount(w, most);
    expectRefused(await w.browser.get(start));
    expect(await callback()).toRedirectTo('/');
    expect((await w.browser.get('/api/v1/me')).status).toBe(200);
  });
});

describe('the count', () => {
  test('is one for all replicas', async ({ w }) => {
    const replica = await w.startReplica();
    const other = replica.browserLike(w.browser);
    await w.browser.get(start);
    await other.get(start);
    expect(await w.sql('select points from rate_limits')).toEqual([{ points: 2 }]);
    await setCount(w, most - 1);
    expect((await other.get(start)).status).toBe(302);
    expectRefused(await w.browser.get(start));
    expectRefused(await other.get(start));
  });

  test('R-10 of five hundred parallel tries lets no more through than the limit has left', async ({ w }) => {
    const left = 100;
    await w.browser.get(start);
    await setCount(w, most - left);
    const answers = await flood(() => w.newBrowser().get(start), { times: 500, inParallel: 500 });
    const counts = countsOf(answers);
    expect(counts['302']).toBeLessThanOrEqual(left * 1.05);
    expect(counts['302'] ?? 0).toBeGreaterThan(0);
    expect(
      Object.keys(counts).filter((kind) => !['302', 'rate_limited', 'overloaded'].includes(kind)),
    ).toEqual([]);
  });

  test('knows no address', async ({ w }) => {
    await w.browser.get(start);
    await callbackOf(w.browser)();
    const rows = await w.sql<{ key: string }>('select key from rate_limits order by key');
    expect(rows.map(({ key }) => key.split(':')[0])).toEqual(['callback', 'start']);
    for (const { key } of rows) expect(key).toMatch(/^(?:start|callback):[\w-]{43}$/);
    expect(new Set(rows.map(({ key }) => key.split(':')[1])).size, 'one sender').toBe(1);
  });

  test('is forgotten a minute after it ran out, and not before', async ({ w }) => {
    const ageOf = { old: -70_000, recent: -10_000, current: 30_000 };
    for (const [key, ms] of Object.entries(ageOf))
      await w.sql('insert into rate_limits values ($1, 1, $2)', [key, Date.now() + ms]);
    const connection = connectionTo(w.database);
    const db = openDatabase({ connection, maxConnections: 1, onError: () => undefined });
    const forgotten = await inSystem(db, (tx) => forgetLimits(tx, new Date()));
    await db.destroy();
    expect(forgotten).toBe(1);
    expect(await w.sql('select key from rate_limits order by key')).toEqual([
      { key: 'current' },
      { key: 'recent' },
    ]);
  });

  test('is told by the minute: two hundred refusals leave one line', async ({ w }) => {
    await w.browser.get(start);
    await setCount(w, most);
    const before = w.logLines.length;
    await flood(() => w.newBrowser().get(start), { times: 200 });
    const lines = w.logLines.slice(before);
    expect(lines.filter((line) => line.includes('rate_limited'))).toHaveLength(1);
    expect(lines.join('')).toContain('"finding":"start","refused":1');
    expect(lines.filter((line) => line.includes('"status":429'))).toEqual([]);
  });
});

describe('who is counted', () => {
  const forwarded = (address: string) => ({ as: 'api', headers: { 'x-forwarded-for': address } }) as const;

  test('nobody counts as somebody else by a header, unless a trusted proxy says so', async ({ w }) => {
    await w.browser.ask(start, forwarded('192.0.2.1'));
    await w.browser.ask(start, forwarded('192.0.2.2'));
    expect(await w.sql('select points from rate_limits')).toEqual([{ points: 2 }]);
  });

  describe('behind a proxy', () => {
    test.override('environment', { TRUSTED_PROXIES: '127.0.0.1' });

    test('each address counts for itself: one that floods keeps no other out', async ({ w }) => {
      await w.browser.ask(start, forwarded('192.0.2.1'));
      await setCount(w, most);
      expectRefused(await w.browser.ask(start, forwarded('192.0.2.1')));
      expectRefused(await w.browser.ask(start, forwarded('198.51.100.9, 192.0.2.1')));
      expect((await w.browser.ask(start, forwarded('192.0.2.2'))).status).toBe(302);
    });

    test('an IPv6 network of 64 bits is one sender', async ({ w }) => {
      await w.browser.ask(start, forwarded('2001:db8:1:2::1'));
      await w.browser.ask(start, forwarded('2001:db8:1:2:ffff::2'));
      await w.browser.ask(start, forwarded('2001:db8:1:3::1'));
      expect(await w.sql('select points from rate_limits order by points')).toEqual([
        { points: 1 },
        { points: 2 },
      ]);
    });
  });
});

describe('X-19 the counters cannot be reached', () => {
  test('people sign in, and each process keeps to what is promised by its own count', async ({ w }) => {
    await w.sql('alter table rate_limits rename to rate_limits_away');
    w.google.signsInAs('ada');
    expect(await w.browser.signIn('google')).toRedirectTo('/');
    const answers = await flood(() => w.newBrowser().get(start), { times: mostAlone + 50 });
    expect(countsOf(answers)).toEqual({ '302': mostAlone - 1, rate_limited: 51 });
    for (const answer of answers.slice(-10)) expectRefused(answer);
    expect(w.logLines.filter((line) => line.includes('counted by this process alone'))).toHaveLength(1);
  }, 60_000);

  test('and when they are back, all replicas count together again', async ({ w }) => {
    await w.sql('alter table rate_limits rename to rate_limits_away');
    await w.browser.get(start);
    await w.sql('alter table rate_limits_away rename to rate_limits');
    await sleep(1_100);
    await w.browser.get(start);
    expect(await w.sql('select points from rate_limits')).toEqual([{ points: 1 }]);
  });
});
