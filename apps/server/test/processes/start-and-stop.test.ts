import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, onTestFinished } from 'vitest';
import { embeddedFolders, postmastersBelow } from '../support/embedded-folders.ts';
import {
  cloudScript,
  probe,
  publicOrigin,
  runToEnd,
  startCloud,
  startProcess,
  until,
} from '../support/processes.ts';
import { environmentOf, test } from '../support/world.ts';
import type { StandIns } from '../support/world.ts';

const folders = embeddedFolders();
afterAll(folders.clearAll);

async function emptyFolder(): Promise<string> {
  const folder = await folders.emptyFolder();
  onTestFinished(folders.clear);
  return folder;
}

function local(dataDir: string) {
  return { DATA_DIR: dataDir, CLOUDGRID_BFF_PORT: '0' };
}

function deployedOn(standIns: StandIns, dataDir: string) {
  const env = environmentOf(standIns, publicOrigin, '');
  return { ...env, DATABASE_URL: undefined, SECRETS_KEY: undefined, DATA_DIR: dataDir };
}

/** Whatever still runs of a group that a process of ours leads. */
function isGroupAlive(leaderPid: number): boolean {
  try {
    return process.kill(-leaderPid, 0);
  } catch {
    return false;
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

describe('starting', () => {
  test('on a database that is there already, it serves within three seconds', async () => {
    const dataDir = await emptyFolder();
    const times: number[] = [];
    for (let run = 0; run <= 5; run += 1) {
      const startedAt = performance.now();
      const cloud = await startCloud(local(dataDir));
      await until(async () => (await probe(cloud.address, '/readyz')) === 200);
      // The first makes the database.
      if (run > 0) times.push(Math.round(performance.now() - startedAt));
      cloud.signal('SIGTERM');
      await cloud.end;
    }
    process.stdout.write(`warm start to readiness: median ${median(times)} ms of ${times.join(', ')}\n`);
    // The best of them: the others tell how busy this machine is.
    expect(Math.min(...times)).toBeLessThan(3_000);
  }, 90_000);

  test('a second server on the same folder is refused in a sentence, and the first serves on', async () => {
    const dataDir = await emptyFolder();
    const first = await startCloud(local(dataDir));
    const { code, signal, err, out } = await runToEnd({ script: cloudScript, env: local(dataDir) });
    expect({ code, signal }).toEqual({ code: 1, signal: null });
    expect(err).toMatch(/Another server already runs on the data folder .* \(pid \d+\): stop it first/);
    expect(err).toContain(`(pid ${first.pid})`);
    expect(err).not.toMatch(/^\s+at /m);
    expect(out).not.toContain('listening');
    expect(await probe(first.address, '/readyz')).toBe(200);
    expect(await postmastersBelow(dataDir)).toHaveLength(1);
  });

  test('on a port that is taken, it says so and leaves no database running', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await until(() => other.listening);
    // A TCP server's address is no string.
    const { port } = other.address() as AddressInfo;
    const dataDir = await emptyFolder();
    const { code, err } = await runToEnd({
      script: cloudScript,
      env: { ...local(dataDir), CLOUDGRID_BFF_PORT: `${port}` },
    });
    expect(code).toBe(1);
    expect(err).toMatch(
      /^Gatehouse could not start: CLOUDGRID_BFF_PORT: .*address already in use 127\.0\.0\.1:\d+\n$/,
    );
    expect(await postmastersBelow(dataDir)).toEqual([]);
  });
});

describe('stopping', () => {
  test.for(['SIGTERM', 'SIGINT'] as const)(
    'X-09 %s while five people sign in: readiness falls, all come in, and nothing is left running',
    async (signal, { standIns }) => {
      const dataDir = await emptyFolder();
      const cloud = await startCloud(deployedOn(standIns, dataDir));
      standIns.google.signsInAs('ada');
      const held = Array.from({ length: 5 }, () => standIns.google.hold('token'));
      const answers = await Promise.all(
        held.map(async () => {
          const { callback } = await cloud.newBrowser().beginSignIn('google', { returnTo: '/desk' });
          return { answer: callback() };
        }),
      );
      await Promise.all(held.map(({ arrived }) => arrived));
      expect(await probe(cloud.address, '/readyz')).toBe(200);
      const toldAt = performance.now();
      // Ctrl-C reaches the whole group, and npm passes on another.
      if (signal === 'SIGINT') cloud.signalGroup('SIGINT');
      cloud.signal(signal);
      await until(async () => (await probe(cloud.address, '/readyz')) !== 200, 2_000);
      await sleep(300);
      expect(cloud.hasEnded()).toBe(false);
      for (const { release } of held) release();
      for (const { answer } of answers) expect(await answer).toRedirectTo('/desk');
      expect(await cloud.end).toEqual({ code: 0, signal: null });
      expect(performance.now() - toldAt).toBeLessThan(10_000);
      expect(await postmastersBelow(dataDir)).toEqual([]);
      await until(() => !isGroupAlive(cloud.pid), 2_000);
    },
  );

  test('X-12 SIGTERM while a provider does not answer at all: it is gone within ten seconds, with exit code 0', async ({
    standIns,
  }) => {
    const cloud = await startCloud(deployedOn(standIns, await emptyFolder()));
    standIns.google.signsInAs('ada');
    const held = standIns.google.hold('token');
    onTestFinished(held.release);
    const { callback } = await cloud.newBrowser().beginSignIn('google');
    const answer = callback().catch(() => undefined);
    await held.arrived;
    const toldAt = performance.now();
    cloud.signal('SIGTERM');
    expect(await cloud.end).toEqual({ code: 0, signal: null });
    expect(performance.now() - toldAt).toBeLessThan(10_500);
    await answer;
  });

  test('SIGTERM before it listens stops the database that it was starting', async () => {
    const dataDir = await emptyFolder();
    const cloud = startProcess({ script: cloudScript, env: local(dataDir) });
    await until(async () => (await postmastersBelow(dataDir)).length > 0 || cloud.hasEnded());
    cloud.signal('SIGTERM');
    expect(await cloud.end).toEqual({ code: 0, signal: null });
    expect(await postmastersBelow(dataDir)).toEqual([]);
  });
});

describe('X-20 nobody reads the log', () => {
  /** More than the pipe and the log's own megabyte hold. */
  async function fillTheLog(address: URL) {
    const page = new URL('/auth/providers', address);
    for (let round = 0; round < 150; round += 1) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(page)));
      const bodies = await Promise.all(answers.map((answer) => answer.text()));
      expect(bodies.every((body) => body.includes('google'))).toBe(true);
    }
  }

  test('people sign in all the same, and the process stops all the same', async ({ standIns }) => {
    const dataDir = await emptyFolder();
    const cloud = await startCloud(deployedOn(standIns, dataDir));
    cloud.turnDeaf();
    await fillTheLog(cloud.address);
    standIns.google.signsInAs('ada');
    const browser = cloud.newBrowser();
    expect(await browser.signIn('google')).toRedirectTo('/');
    expect((await browser.get('/api/v1/me')).status).toBe(200);
    cloud.signal('SIGTERM');
    expect(await cloud.end).toEqual({ code: 0, signal: null });
    expect(await postmastersBelow(dataDir)).toEqual([]);
  }, 60_000);
});
