import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished } from 'vitest';
import { Secret } from '../../src/kernel/secret.ts';
import { randomToken } from '../../src/kernel/tokens.ts';
import { sealSessionToken } from '../../src/session/index.ts';
import type { Browser } from '../support/browser.ts';
import { openDatabaseProxy } from '../support/database-proxy.ts';
import type { Cut, DatabaseProxy } from '../support/database-proxy.ts';
import { asAdmin, dropDatabase, makeDatabase } from '../support/databases.ts';
import { brokenInvariants } from '../support/invariants.ts';
import { codeOf } from '../support/matchers.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import { probe, publicOrigin, startCloud, until } from '../support/processes.ts';
import type { RunningCloud } from '../support/processes.ts';
import { environmentOf, secret, test } from '../support/world.ts';
import type { StandIns } from '../support/world.ts';

type Scene = { readonly database: string; readonly proxy: DatabaseProxy; start(): Promise<RunningCloud> };

/** A database that can be away, and a server on it. */
async function setScene(standIns: StandIns): Promise<Scene> {
  const database = await makeDatabase();
  onTestFinished(() => dropDatabase(database));
  const proxy = await openDatabaseProxy();
  const env = { ...environmentOf(standIns, publicOrigin, database), DATABASE_URL: proxy.urlOf(database) };
  return { database, proxy, start: () => startCloud(env) };
}

/** While the database is away nobody is told that they are signed in, or that they are not. */
async function expectOutage(cloud: RunningCloud, browser: Browser): Promise<void> {
  expect(await probe(cloud.address, '/livez')).toBe(200);
  expect(await probe(cloud.address, '/readyz')).toBe(503);
  expect(await browser.get('/api/v1/me')).toBeProblem(503, 'storage_unavailable');
  expect(await browser.ask('/auth/login?provider=google')).toBeRefusedWith('storage_unavailable');
  expect(await browser.get('/auth/login?provider=google')).toBeProblem(503, 'storage_unavailable');
  expect(await browser.post('/auth/logout')).toBeProblem(503, 'storage_unavailable');
}

async function isReadyWithin(cloud: RunningCloud, withinMs: number): Promise<number> {
  const startedAt = performance.now();
  await until(async () => (await probe(cloud.address, '/readyz')) === 200, withinMs);
  return performance.now() - startedAt;
}

describe('the database is away', () => {
  test('X-01 at the start: the process lives and says so, and serves within five seconds of its return', async ({
    standIns,
  }) => {
    const { proxy, start } = await setScene(standIns);
    await proxy.goAway();
    const cloud = await start();
    standIns.google.signsInAs('ada');
    const browser = cloud.newBrowser();
    expect((await browser.get('/auth/providers')).status).toBe(200);
    const browserWithCookie = cloud.newBrowser();
    browserWithCookie.cookies.set('gatehouse', sealSessionToken(randomToken(), [new Secret(secret)]));
    await expectOutage(cloud, browserWithCookie);
    await sleep(1_500);
    expect(cloud.hasEnded()).toBe(false);
    await proxy.comeBack();
    await isReadyWithin(cloud, 5_000);
    expect(await browser.signIn('google')).toRedirectTo('/');
    expect((await browser.get('/api/v1/me')).status).toBe(200);
    expect(cloud.said.err).toBe('');
  });

  test('S-24 X-03 for a while: 503 and never 401 or 200, then the same session goes on, without a restart', async ({
    standIns,
  }) => {
    const { database, proxy, start } = await setScene(standIns);
    const cloud = await start();
    standIns.google.signsInAs('ada');
    const browser = cloud.newBrowser();
    await browser.signIn('google');
    const before = await browser.get('/api/v1/me');
    expect(before.status).toBe(200);
    const { callback } = await browser.beginSignIn('google', { returnTo: '/desk' });
    await proxy.goAway();
    await expectOutage(cloud, browser);
    expect(await callback()).toBeRefusedWith('storage_unavailable');
    expect(await cloud.newBrowser().get('/api/v1/me'), 'no cookie, no question').toBeProblem(
      401,
      'unauthenticated',
    );
    await proxy.comeBack();
    await isReadyWithin(cloud, 5_000);
    expect((await browser.get('/api/v1/me')).json()).toEqual(before.json());
    expect(await callback(), 'the attempt was not used up').toRedirectTo('/desk');
    expect(await brokenInvariants(database)).toEqual([]);
    expect(cloud.said.err).toBe('');
  });

  test('and takes connections without answering: 503 within twenty seconds, and all is well afterwards', async ({
    standIns,
  }) => {
    const { proxy, start } = await setScene(standIns);
    const cloud = await start();
    standIns.google.signsInAs('ada');
    const browser = cloud.newBrowser();
    await browser.signIn('google');
    proxy.fallSilent();
    const askedAt = performance.now();
    const answer = browser.get('/api/v1/me');
    expect(await probe(cloud.address, '/livez')).toBe(200);
    expect(await answer).toBeProblem(503, 'storage_unavailable');
    expect(performance.now() - askedAt).toBeLessThan(20_000);
    await proxy.comeBack();
    await isReadyWithin(cloud, 10_000);
    expect((await browser.get('/api/v1/me')).status).toBe(200);
  }, 60_000);

  test('X-03 its connections are ended while fifty people sign in: nobody is let in half, the process lives', async ({
    standIns,
  }) => {
    const { database, start } = await setScene(standIns);
    const cloud = await start();
    standIns.google.signsInAs('ada');
    standIns.github.signsInAs('linus');
    // Half of them each, so that nobody has more sessions than one person may have.
    const begun = await Promise.all(
      Array.from({ length: 50 }, async (_, place) => {
        const browser = cloud.newBrowser();
        return { browser, ...(await browser.beginSignIn(place % 2 === 0 ? 'google' : 'github')) };
      }),
    );
    const ending = endConnectionsOf(database, 20);
    const answers = await Promise.all(begun.map(({ callback }) => callback()));
    await ending;
    const outcomes = answers.map((answer) => codeOf(answer) ?? answer.location?.pathname);
    expect(outcomes.filter((outcome) => outcome !== '/' && outcome !== 'storage_unavailable')).toEqual([]);
    expect(outcomes, 'some were cut off').toContain('storage_unavailable');
    await isReadyWithin(cloud, 5_000);
    for (const [index, { browser }] of begun.entries()) {
      const expected = outcomes[index] === '/' ? 200 : 401;
      expect((await browser.get('/api/v1/me')).status).toBe(expected);
    }
    expect(cloud.hasEnded()).toBe(false);
    expect(cloud.said.err).toBe('');
    expect(await brokenInvariants(database)).toEqual([]);
  });
});

async function endConnectionsOf(database: string, times: number): Promise<void> {
  await asAdmin('postgres', async (client) => {
    for (let time = 0; time < times; time += 1) {
      await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
        database,
      ]);
      await sleep(20);
    }
  });
}

test('X-03 Postgres itself is stopped and started again: the same process and the same session go on', async ({
  standIns,
}) => {
  const postgres = await startOwnPostgres();
  const cloud = await startCloud({
    ...environmentOf(standIns, publicOrigin, ''),
    DATABASE_URL: postgres.url,
  });
  standIns.google.signsInAs('ada');
  const browser = cloud.newBrowser();
  await browser.signIn('google');
  const before = await browser.get('/api/v1/me');
  await postgres.stop();
  await expectOutage(cloud, browser);
  await postgres.startAgain();
  await isReadyWithin(cloud, 5_000);
  expect(before.status).toBe(200);
  expect((await browser.get('/api/v1/me')).json()).toEqual(before.json());
  expect(cloud.said.err).toBe('');
});

/** The transactions of a callback: take the attempt, settle. */
const commits: readonly (readonly [string, number, Cut, string])[] = [
  ['before the attempt is taken', 1, 'before', '/desk'],
  ['after the attempt is taken', 1, 'after', 'attempt_invalid'],
  ['before the sign-in is settled', 2, 'before', 'attempt_invalid'],
  ['after the sign-in is settled', 2, 'after', '/desk'],
];

test('X-04 the connection breaks at a COMMIT: a reload tells the truth, and nobody exists twice', async ({
  standIns,
}) => {
  const { database, proxy, start } = await setScene(standIns);
  const cloud = await start();
  standIns.google.signsInAs('ada');
  for (const [what, nth, where, expected] of commits) {
    const browser = cloud.newBrowser();
    const { callback } = await browser.beginSignIn('google', { returnTo: '/desk' });
    const cut = proxy.cutAtCommit(nth, where);
    expect(await callback(), what).toBeRefusedWith('storage_unavailable');
    await cut;
    expect((await browser.get('/api/v1/me')).status, what).toBe(401);
    // As if the fifteen seconds had gone by after which a taken attempt counts as dropped.
    await asAdmin(database, (client) =>
      client.query(
        `update gatehouse.attempts set taken_at = taken_at - interval '16 s' where settled_at is null`,
      ),
    );
    const reloaded = await callback();
    expect(codeOf(reloaded) ?? reloaded.location?.pathname, what).toBe(expected);
    expect((await browser.get('/api/v1/me')).status, what).toBe(expected === '/desk' ? 200 : 401);
    expect(await browser.signIn('google'), what).toRedirectTo('/');
    expect(await brokenInvariants(database), what).toEqual([]);
  }
  const { rows } = await asAdmin(database, (client) => client.query('select from gatehouse.users'));
  expect(rows).toHaveLength(1);
  expect(cloud.said.err).toBe('');
});
