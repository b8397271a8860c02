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
import type { Doom } from '../support/doomed-cloud.ts';
import { startDoomed } from '../support/doomed-process.ts';
import type { Doomed } from '../support/doomed-process.ts';
import { brokenInvariants } from '../support/invariants.ts';
import { codeOf } from '../support/matchers.ts';
import { publicOrigin } from '../support/processes.ts';
import { environmentOf, test } from '../support/world.ts';
import type { StandIns } from '../support/world.ts';

const silent = openLog({ level: 'silent' });

/** One browser, one database, and the server on it, which may be another one from time to time. */
type Scene = {
  readonly database: string;
  readonly env: ReturnType<typeof environmentOf>;
  readonly doomed: Doomed;
  readonly browser: Browser;
  /** Starts a server after the one that died, `laterMs` later. */
  restart(laterMs: number): Promise<void>;
};

async function setScene(standIns: StandIns): Promise<Scene> {
  const database = await makeDatabase();
  onTestFinished(() => dropDatabase(database));
  const env = environmentOf(standIns, publicOrigin, database);
  const doomed = await startDoomed(env);
  let address = doomed.address;
  return {
    database,
    env,
    doomed,
    browser: openBrowser({ publicOrigin, serverAddress: () => address }),
    async restart(laterMs) {
      const clock = { ...systemClock, now: () => new Date(Date.now() + laterMs) };
      const cloud = await buildCloud(readCloudConfig(env), { log: silent, clock, drainMs: 100 });
      onTestFinished(() => cloud.close());
      address = new URL((await cloud.listen()).address);
    },
  };
}

async function isSettled(database: string, state: string | null): Promise<boolean> {
  expect(state).toMatch(/^[\w-]{43}$/);
  return await asAdmin(database, async (client) => {
    const { rows } = await client.query<{ settled: boolean }>(
      'select settled_at is not null as settled from gatehouse.attempts order by begun_at desc limit 1',
    );
    return rows[0]?.settled === true;
  });
}

/** What a person does whose browser says that the connection was reset: reload, and if that leads nowhere, sign in. */
async function retry({ database, browser, restart }: Scene, callbackUrl: URL): Promise<string> {
  const wasCommitted = await isSettled(database, callbackUrl.searchParams.get('state'));
  await restart(wasCommitted ? 0 : 16 * secondMs);
  const reloaded = await browser.ask(callbackUrl);
  const isIn = reloaded.location?.pathname === '/desk';
  if (!isIn && codeOf(reloaded) !== 'attempt_invalid') return `the reload was answered ${reloaded.status} ${codeOf(reloaded) ?? ''}`;
  if (wasCommitted && !isIn) return 'the sign-in was committed, and the reload did not come in';
  if (isIn && (await browser.get('/api/v1/me')).status !== 200) return 'the reload came in without a session';
  const again = await browser.signIn('google');
  if (again.location?.pathname !== '/') return `the next sign-in was answered ${again.status} ${codeOf(again) ?? ''}`;
  const me = await browser.get('/api/v1/me');
  return me.status === 200 && me.body.includes('"role":"admin"') ? '' : `after the next sign-in: ${me.body}`;
}

/** After the attempts' time is up nothing is in flight, and nothing contradicts anything. */
async function findings(database: string): Promise<string[]> {
  const db = openDatabase({ connection: connectionTo(database), maxConnections: 1, onError: () => undefined });
  const clock = { ...systemClock, now: () => new Date(Date.now() + 11 * minuteMs) };
  const before = await brokenInvariants(database);
  await keepHouse({ db, clock, sealEvents: () => Promise.resolve(), onError: () => undefined });
  await db.destroy();
  const stuck = await asAdmin(database, (client) => client.query('select from gatehouse.attempts where settled_at is null'));
  const after = await brokenInvariants(database);
  return [...before, ...after, ...(stuck.rowCount === 0 ? [] : ['an attempt is stuck'])];
}

async function dieAt(standIns: StandIns, doom: Doom, isSignedInAlready: boolean): Promise<string[]> {
  const scene = await setScene(standIns);
  const { browser, doomed, database } = scene;
  if (isSignedInAlready) expect(await browser.signIn('google')).toRedirectTo('/');
  const { callback, callbackUrl } = await browser.beginSignIn('google', { returnTo: '/desk' });
  await doomed.arm(doom);
  const isAnswered = await callback().then(
    () => true,
    () => false,
  );
  if (isAnswered) return ['it outlived its end'];
  await doomed.dead;
  const trouble = await retry(scene, callbackUrl);
  return [...(trouble === '' ? [] : [trouble]), ...(await findings(database))];
}

async function statementsOfCallback(standIns: StandIns, isSignedInAlready: boolean): Promise<readonly string[]> {
  const { browser, doomed } = await setScene(standIns);
  if (isSignedInAlready) await browser.signIn('google');
  const { callback } = await browser.beginSignIn('google', { returnTo: '/desk' });
  await doomed.arm({});
  expect(await callback()).toRedirectTo('/desk');
  return await doomed.statements();
}

/** Three at a time: processes mostly wait for each other to start. */
async function sweep(dooms: readonly Doom[], dieThere: (doom: Doom) => Promise<string[]>) {
  const found: Record<string, string[]> = {};
  const waiting = [...dooms];
  async function work(): Promise<void> {
    for (let doom = waiting.shift(); doom !== undefined; doom = waiting.shift()) {
      const trouble = await dieThere(doom);
      if (trouble.length > 0) found[JSON.stringify(doom)] = trouble;
    }
  }
  await Promise.all([work(), work(), work()]);
  return found;
}

test.for([
  { who: 'whoever signs in for the first time', isSignedInAlready: false, isWhole: true },
  { who: 'whoever is signed in already', isSignedInAlready: true, isWhole: false },
])(
  'X-08 a server killed at any statement of a callback leaves no half state, and $who comes in again',
  async ({ isSignedInAlready, isWhole }, { standIns }) => {
    standIns.google.signsInAs('ada');
    const statements = await statementsOfCallback(standIns, isSignedInAlready);
    const count = statements.length;
    expect(statements.at(-1)).toBe('commit');
    const settles = statements.lastIndexOf('begin');
    // Before every statement; where the first sign-in has been through all of them, only around the last transaction.
    const places = Array.from({ length: count }, (_, index) => index + 1);
    const chosen = isWhole ? places : places.filter((place) => place > settles && (place % 4 === 0 || place >= count - 1));
    const dooms = [...chosen.map((before) => ({ before })), { after: count }];
    const startedAt = performance.now();
    expect(await sweep(dooms, (doom) => dieAt(standIns, doom, isSignedInAlready))).toEqual({});
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(`killed at ${dooms.length} places of ${count} statements in ${seconds} s\n`);
  },
  240_000,
);

test('X-08 a server killed while the provider has the code leaves no half state', async ({ standIns }) => {
  standIns.google.signsInAs('ada');
  const scene = await setScene(standIns);
  const { callback, callbackUrl } = await scene.browser.beginSignIn('google', { returnTo: '/desk' });
  const held = standIns.google.hold('token');
  const answer = callback().catch(() => 'cut off');
  await held.arrived;
  scene.doomed.kill();
  expect(await answer).toBe('cut off');
  held.release();
  expect(await retry(scene, callbackUrl)).toBe('');
  expect(await findings(scene.database)).toEqual([]);
});
