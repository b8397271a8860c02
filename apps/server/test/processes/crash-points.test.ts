import { expect, onTestFinished } from 'vitest';
import { buildCloud } from '../../src/build-cloud.ts';
import { readCloudConfig } from '../../src/config/read-cloud-config.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { openLog } from '../../src/http/log.ts';
import { keepHouse } from '../../src/jobs/housekeeping.ts';
import { minuteMs, secondMs, systemClock } from '../../src/kernel/clock.ts';
import { openBrowser } from '../support/browser.ts';
import type { Browser } from '../support/browser.ts';
import { asAdmin, connectionTo, dropDatabase, makeDatabase } from '../support/databases.ts';
import type { Doom } from '../support/doomed-clouds.ts';
import { startDoomedProcess } from '../support/doomed-process.ts';
import type { DoomedProcess } from '../support/doomed-process.ts';
import { brokenInvariants } from '../support/invariants.ts';
import { codeOf } from '../support/matchers.ts';
import { publicOrigin } from '../support/processes.ts';
import { environmentOf, test } from '../support/world.ts';
import type { StandIns } from '../support/world.ts';

const silent = openLog({ level: 'silent' });

/** One browser, one database, and the server on it, which may be another one from time to time. */
type Scene = {
  readonly database: string;
  readonly browser: Browser;
  /** Starts a server after the one that died, `laterMs` later. Answers how to stop it. */
  restart(laterMs: number): Promise<() => Promise<void>>;
};

async function setScene(standIns: StandIns, doomed: DoomedProcess): Promise<Scene> {
  const database = await makeDatabase();
  onTestFinished(() => dropDatabase(database));
  const env = environmentOf(standIns, publicOrigin, database);
  let address = await doomed.open(env);
  return {
    database,
    browser: openBrowser({ publicOrigin, serverAddress: () => address }),
    async restart(laterMs) {
      const clock = { ...systemClock, now: () => new Date(Date.now() + laterMs) };
      const cloud = await buildCloud(readCloudConfig(env), { log: silent, clock, drainMs: 100 });
      address = new URL((await cloud.listen()).address);
      return () => cloud.close();
    },
  };
}

async function isSettled(database: string): Promise<boolean> {
  return await asAdmin(database, async (client) => {
    const { rows } = await client.query<{ settled: boolean }>(
      'select settled_at is not null as settled from gatehouse.attempts order by begun_at desc limit 1',
    );
    return rows[0]?.settled === true;
  });
}

/** What a person does whose browser says that the connection was reset: reload, and if that leads nowhere, sign in. */
async function retry({ database, browser, restart }: Scene, callbackUrl: URL): Promise<string> {
  const wasCommitted = await isSettled(database);
  const stop = await restart(wasCommitted ? 0 : 16 * secondMs);
  const trouble = await reloadAndSignIn(browser, { callbackUrl, wasCommitted });
  await stop();
  return trouble;
}

type Before = { readonly callbackUrl: URL; readonly wasCommitted: boolean };

async function reloadAndSignIn(browser: Browser, { callbackUrl, wasCommitted }: Before): Promise<string> {
  const reloaded = await browser.ask(callbackUrl);
  const isIn = reloaded.location?.pathname === '/desk';
  if (!isIn && codeOf(reloaded) !== 'attempt_invalid')
    return `the reload was answered ${reloaded.status} ${codeOf(reloaded) ?? ''}`;
  if (wasCommitted && !isIn) return 'the sign-in was committed, and the reload did not come in';
  if (isIn && (await browser.get('/api/v1/me')).status !== 200) return 'the reload came in without a session';
  const again = await browser.signIn('google');
  if (again.location?.pathname !== '/')
    return `the next sign-in was answered ${again.status} ${codeOf(again) ?? ''}`;
  const me = await browser.get('/api/v1/me');
  return me.status === 200 && me.body.includes('"role":"admin"') ? '' : `after the next sign-in: ${me.body}`;
}

/** After the attempts' time is up nothing is in flight, and nothing contradicts anything. */
async function findings(database: string): Promise<string[]> {
  const db = openDatabase({
    connection: connectionTo(database),
    maxConnections: 1,
    onError: () => undefined,
  });
  const clock = { ...systemClock, now: () => new Date(Date.now() + 11 * minuteMs) };
  const before = await brokenInvariants(database);
  await keepHouse({ db, clock, moreChores: [], onError: () => undefined });
  await db.destroy();
  const stuck = await asAdmin(database, (client) =>
    client.query('select from gatehouse.attempts where settled_at is null'),
  );
  const after = await brokenInvariants(database);
  return [...before, ...after, ...(stuck.rowCount === 0 ? [] : ['an attempt is stuck'])];
}

type Case = { readonly standIns: StandIns; readonly isSignedInAlready: boolean };

/** Somebody at the provider, about to come back. */
async function beginScene({ standIns, isSignedInAlready }: Case, doomed: DoomedProcess) {
  const scene = await setScene(standIns, doomed);
  if (isSignedInAlready) expect(await scene.browser.signIn('google')).toRedirectTo('/');
  return { scene, ...(await scene.browser.beginSignIn('google', { returnTo: '/desk' })) };
}

async function statementsOfCallback(told: Case): Promise<readonly string[]> {
  const doomed = startDoomedProcess();
  const { scene, callback } = await beginScene(told, doomed);
  await doomed.arm(scene.database, {});
  expect(await callback()).toRedirectTo('/desk');
  return await doomed.statementsOf(scene.database);
}

/** Lets a server for each of these places stand still there, kills all of them at once, and looks what is left. */
async function dieAt(dooms: readonly Doom[], told: Case): Promise<Record<string, string[]>> {
  const doomed = startDoomedProcess();
  const dying = [];
  for (const doom of dooms) {
    const { scene, callback, callbackUrl } = await beginScene(told, doomed);
    const { standsStill } = await doomed.arm(scene.database, doom);
    const answer = callback().then(
      () => 'it was answered',
      () => 'cut off',
    );
    expect(await Promise.race([answer, standsStill]), JSON.stringify(doom)).toBeUndefined();
    dying.push({ doom, scene, answer, callbackUrl });
  }
  await doomed.kill();
  const found: Record<string, string[]> = {};
  for (const { doom, scene, answer, callbackUrl } of dying) {
    expect(await answer, JSON.stringify(doom)).toBe('cut off');
    const trouble = [await retry(scene, callbackUrl), ...(await findings(scene.database))].filter(Boolean);
    if (trouble.length > 0) found[JSON.stringify(doom)] = trouble;
  }
  return found;
}

const atOnce = 14;

const writing = /^(?:insert|update|delete|commit)\b/;

test.for([
  { who: 'whoever signs in for the first time', where: /^/, isSignedInAlready: false },
  { who: 'whoever is signed in already', where: writing, isSignedInAlready: true },
])(
  'X-08 a server killed at any statement of a callback leaves no half state, and $who comes in again',
  { timeout: 120_000 },
  async ({ who, where, isSignedInAlready }, { standIns }) => {
    standIns.google.signsInAs('ada');
    const startedAt = performance.now();
    const told = { standIns, isSignedInAlready };
    const statements = await statementsOfCallback(told);
    expect(statements.at(-1)).toBe('commit');
    const before = statements.flatMap((text, index): Doom[] =>
      where.test(text) ? [{ before: index + 1 }] : [],
    );
    for (let first = 0; first < before.length; first += atOnce) {
      expect(await dieAt(before.slice(first, first + atOnce), told)).toEqual({});
    }
    // Alone: within ten seconds after it the same callback gets the same outcome, and not later.
    expect(await dieAt([{ after: statements.length }], told)).toEqual({});
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(`${who}: killed at ${before.length + 1} places in ${seconds} s\n`);
  },
);

test('X-08 a server killed while the provider has the code leaves no half state', async ({ standIns }) => {
  standIns.google.signsInAs('ada');
  const doomed = startDoomedProcess();
  const { scene, callback, callbackUrl } = await beginScene({ standIns, isSignedInAlready: false }, doomed);
  const held = standIns.google.hold('token');
  const answer = callback().catch(() => 'cut off');
  await held.arrived;
  await doomed.kill();
  expect(await answer).toBe('cut off');
  held.release();
  expect(await retry(scene, callbackUrl)).toBe('');
  expect(await findings(scene.database)).toEqual([]);
});

test('the rules that every database is held against see a half state', async () => {
  const database = await makeDatabase();
  onTestFinished(() => dropDatabase(database));
  expect(await brokenInvariants(database)).toEqual([]);
  const id = '00000000-0000-7000-8000-000000000001';
  await asAdmin(database, async (client) => {
    await client.query('set search_path = gatehouse');
    await client.query(`insert into users values ('${id}', 'Half', 'active', now())`);
    await client.query(
      `insert into sessions values ('${id}', '${id}', 'x', '${id}', 'c', 'c', now(), now(), now())`,
    );
    await client.query(
      `insert into attempts values ('${id}', 'BBBBBBBB', 's', 'b', 'c', '/', '{}', null, now(), now() + interval '1 hour')`,
    );
    await client.query(`insert into traces values ('BBBBBBBB', 'c', now(), now(), 'succeeded', null, '[]')`);
  });
  const broken = await brokenInvariants(database);
  expect(broken.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
    'a user whom no identity leads to',
    'a user without exactly one event of their making',
    'a session that no settled attempt began',
    'a session without exactly one event of its start',
    'a trace that ended without its attempt',
    'an attempt that never ends by itself',
  ]);
});
