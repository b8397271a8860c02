import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished } from 'vitest';
import { openCrowd } from '../support/crowd.ts';
import { dropDatabase, makeDatabase } from '../support/databases.ts';
import { embeddedFolders, postmastersBelow } from '../support/embedded-folders.ts';
import { cloudScript, probe, publicOrigin, runToEnd, until } from '../support/processes.ts';
import type { RunningCloud, Variables } from '../support/processes.ts';
import { isRunning, linesWith, startCrew, workersOf } from '../support/workers.ts';
import { environmentOf, test } from '../support/world.ts';
import type { StandIns } from '../support/world.ts';

const folders = embeddedFolders();

async function onDatabase(standIns: StandIns): Promise<Variables> {
  const database = await makeDatabase();
  onTestFinished(() => dropDatabase(database));
  return environmentOf(standIns, publicOrigin, database);
}

async function onFolder(standIns: StandIns) {
  const dataDir = await folders.emptyFolder();
  onTestFinished(folders.clear);
  const env = environmentOf(standIns, publicOrigin, '');
  return { dataDir, env: { ...env, DATABASE_URL: undefined, SECRETS_KEY: undefined, DATA_DIR: dataDir } };
}

/** Who answered each request of this route, in order. */
function answeredBy(cloud: RunningCloud, route: string): number[] {
  const lines = linesWith(cloud, 'answered').filter((line) => line.route === route);
  return lines.toSorted((one, other) => one.time.localeCompare(other.time)).map(({ pid }) => pid);
}

describe('several workers', () => {
  test('a sign-in begun on one worker finishes on another', async ({ standIns }) => {
    const cloud = await startCrew(await onDatabase(standIns), 2);
    standIns.google.signsInAs('ada');
    const { callback } = await cloud.newBrowser().beginSignIn('google');
    await until(() => answeredBy(cloud, '/auth/login').length === 1);
    const [began = 0] = answeredBy(cloud, '/auth/login');
    expect(workersOf(cloud)).toContain(began);
    process.kill(began, 'SIGSTOP');
    expect(await callback()).toRedirectTo('/');
    process.kill(began, 'SIGCONT');
    await until(() => answeredBy(cloud, '/auth/callback').length === 1);
    const others = workersOf(cloud).filter((pid) => pid !== began);
    expect(answeredBy(cloud, '/auth/callback')).toEqual(others);
  });

  test('show their metrics together, on one port', async ({ standIns }) => {
    const env = { ...(await onDatabase(standIns)), METRICS_PORT: '0' };
    const cloud = await startCrew(env, 2);
    const asked = 20;
    for (let number = 0; number < asked; number += 1) await fetch(new URL('/auth/providers', cloud.address));
    const [line] = linesWith(cloud, 'metrics can be read');
    expect(line?.pid).toBe(cloud.pid);
    const answer = await fetch(line?.metrics ?? '');
    expect(await answer.text()).toMatch(
      new RegExp(`^gatehouse_http_requests_total\\{[^}]*route="/auth/providers"[^}]*\\} ${asked}$`, 'm'),
    );
  });

  test('on a port that is taken they say so once, and nothing is left running', async ({ standIns }) => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await until(() => other.listening);
    // A TCP server's address is no string.
    const { port } = other.address() as AddressInfo;
    const { env, dataDir } = await onFolder(standIns);
    const { code, err } = await runToEnd({
      script: cloudScript,
      env: { ...env, CLOUDGRID_WORKERS: '3', CLOUDGRID_BFF_PORT: `${port}` },
    });
    expect(code).toBe(1);
    expect(err).toMatch(/^Gatehouse could not start: CLOUDGRID_BFF_PORT: .*EADDRINUSE.*\n$/);
    expect(await postmastersBelow(dataDir)).toEqual([]);
  });
});

describe('a worker', () => {
  test('that is killed is replaced, and sessions go on with the others', async ({ standIns }) => {
    const cloud = await startCrew(await onDatabase(standIns), 2);
    const people = 4;
    const crowd = openCrowd(standIns, cloud.newBrowser, people);
    await until(() => crowd.cameIn() >= people);
    const [first = 0] = workersOf(cloud);
    process.kill(first, 'SIGKILL');
    await until(() => workersOf(cloud).length === 3);
    const lost = crowd.failures.length;
    const before = crowd.cameIn();
    await until(() => crowd.cameIn() >= before + people);
    await crowd.goHome();
    // Only who was being answered by it can have noticed.
    expect(lost, crowd.failures.join('\n')).toBeLessThanOrEqual(people);
    expect(crowd.failures.length, crowd.failures.join('\n')).toBe(lost);
    expect(linesWith(cloud, 'a worker ended; another takes its place')).toMatchObject([{ worker: first }]);
  });

  test('X-23 that stands still is ended and replaced, and the others serve meanwhile', async ({
    standIns,
  }) => {
    const cloud = await startCrew(await onDatabase(standIns), 2);
    standIns.google.signsInAs('ada');
    const browser = cloud.newBrowser();
    await browser.signIn('google');
    const [, second = 0] = workersOf(cloud);
    process.kill(second, 'SIGSTOP');
    const stoppedAt = performance.now();
    for (let number = 0; number < 20; number += 1) {
      const status = await Promise.race([
        browser.get('/api/v1/me').then((answer) => answer.status),
        sleep(5_000, 'no answer', { ref: false }),
      ]);
      expect(status).toBe(200);
    }
    await until(() => workersOf(cloud).length === 3, 20_000);
    expect(performance.now() - stoppedAt).toBeGreaterThan(8_000);
    expect(linesWith(cloud, 'a worker stands still; it is ended')).toMatchObject([{ worker: second }]);
    expect(isRunning(second)).toBe(false);
    expect((await browser.get('/api/v1/me')).status).toBe(200);
  }, 60_000);

  test('whose lead is killed ends, and its database is taken up by the next', async ({ standIns }) => {
    const { env, dataDir } = await onFolder(standIns);
    const cloud = await startCrew(env, 3);
    standIns.google.signsInAs('ada');
    const browser = cloud.newBrowser();
    expect(await browser.signIn('google')).toRedirectTo('/');
    const workers = workersOf(cloud);
    const postmasters = await postmastersBelow(dataDir);
    cloud.signal('SIGKILL');
    await until(() => !workers.some(isRunning), 5_000);
    expect(await postmastersBelow(dataDir)).toEqual(postmasters);
    const next = await startCrew({ ...env, CLOUDGRID_BFF_PORT: cloud.address.port }, 2);
    expect((await browser.get('/api/v1/me')).status).toBe(200);
    next.signal('SIGTERM');
    expect(await next.end).toEqual({ code: 0, signal: null });
    expect(await postmastersBelow(dataDir)).toEqual([]);
  }, 60_000);
});

describe('all workers', () => {
  test('SIGHUP replaces them one by one, and nobody notices', async ({ standIns }) => {
    const cloud = await startCrew(await onDatabase(standIns), 2);
    standIns.google.signsInAs('ada');
    const { callback } = await cloud.newBrowser().beginSignIn('google', { returnTo: '/desk' });
    const crowd = openCrowd(standIns, cloud.newBrowser);
    await until(() => crowd.cameIn() >= 4);
    const old = workersOf(cloud);
    const readiness: number[] = [];
    cloud.signal('SIGHUP');
    await until(async () => {
      readiness.push(await probe(cloud.address, '/readyz'));
      return linesWith(cloud, 'every worker was replaced').length > 0;
    }, 40_000);
    expect(await callback(), 'begun before').toRedirectTo('/desk');
    await crowd.goHome();
    expect(crowd.failures).toEqual([]);
    expect(new Set(readiness)).toEqual(new Set([200]));
    expect(workersOf(cloud)).toHaveLength(4);
    expect(old.some(isRunning)).toBe(false);
  }, 90_000);

  test.for(['SIGTERM', 'SIGINT'] as const)(
    'X-09 %s under load: who is coming in comes in, and all are gone within ten seconds',
    { timeout: 60_000 },
    async (signal, { standIns }) => {
      const { env, dataDir } = await onFolder(standIns);
      const cloud = await startCrew(env, 2);
      const crowd = openCrowd(standIns, cloud.newBrowser, 2);
      await until(() => crowd.cameIn() >= 2);
      const held = standIns.google.hold('token');
      standIns.google.signsInAs('ada');
      const { callback } = await cloud.newBrowser().beginSignIn('google', { returnTo: '/desk' });
      const answer = callback();
      await held.arrived;
      const toldAt = performance.now();
      if (signal === 'SIGINT') cloud.signalGroup('SIGINT');
      cloud.signal(signal);
      await until(async () => (await probe(cloud.address, '/readyz')) !== 200, 2_000);
      held.release();
      expect(await answer).toRedirectTo('/desk');
      expect(await cloud.end).toEqual({ code: 0, signal: null });
      expect(performance.now() - toldAt).toBeLessThan(10_000);
      expect(workersOf(cloud).some(isRunning)).toBe(false);
      expect(await postmastersBelow(dataDir)).toEqual([]);
      await crowd.goHome();
    },
  );
});
