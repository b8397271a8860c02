import { Writable } from 'node:stream';
import type { CloudConfig } from '../../src/config/cloud-config.ts';
import { readCloudConfig } from '../../src/config/read-cloud-config.ts';
import { buildCloud } from '../../src/build-cloud.ts';
import type { Cloud } from '../../src/build-cloud.ts';
import { openLog } from '../../src/http/log.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { startEntra, startGitHub, startGoogle } from '@gatehouse/stand-ins';
import type { EntraStandIn, GitHubStandIn, OidcStandIn } from '@gatehouse/stand-ins';
import { test as base } from 'vitest';
import { openBrowser } from './browser.ts';
import type { Browser } from './browser.ts';
import { asAdmin, databaseUrl, dropDatabase, makeDatabase } from './databases.ts';
import './matchers.ts';

/** Wall-clock time that a test may move; the monotonic one runs on. */
export type TestClock = Clock & { advance(ms: number): void; setRight(): void };

export type StandIns = {
  readonly github: GitHubStandIn;
  readonly google: OidcStandIn;
  readonly entra: EntraStandIn;
  readonly clock: TestClock;
};

export type World = StandIns & {
  readonly publicOrigin: URL;
  readonly database: string;
  /** A browser that has never been here. */
  newBrowser(): Browser;
  readonly browser: Browser;
  readonly otherBrowser: Browser;
  /** Starts the server, again if it runs, with these variables changed; `undefined` unsets one. */
  start(changes?: Readonly<Record<string, string | undefined>>): Promise<void>;
  stop(): Promise<void>;
  /** Another server process's worth of Cloud on the same database. */
  startReplica(): Promise<{ readonly address: URL; browserLike(browser: Browser): Browser }>;
  /** Every line the servers logged. */
  readonly logLines: readonly string[];
  /** Rows as the database's administrator sees them. */
  sql<Row extends Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  count(table: string): Promise<number>;
  address(): URL;
};

export const secret = 's'.repeat(32);

export function environmentOf(
  w: StandIns,
  publicOrigin: URL,
  database: string,
): Record<string, string | undefined> {
  const redirect = `${publicOrigin.origin}/auth/callback`;
  return {
    CLOUDGRID_DEPLOYMENT_MODE: 'deployed',
    CLOUDGRID_AUTH_MODE: 'sso',
    CLOUDGRID_AUTH_PROVIDERS: 'github,google,azure',
    CLOUDGRID_AUTH_COMPANY_ID: 'acme',
    CLOUDGRID_SESSION_SECRET: secret,
    CLOUDGRID_BFF_HOST: '127.0.0.1',
    CLOUDGRID_BFF_PORT: '0',
    DATABASE_URL: databaseUrl(database),
    SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
    CLOUDGRID_AUTH_GITHUB_CLIENT_ID: w.github.clientId,
    CLOUDGRID_AUTH_GITHUB_CLIENT_SECRET: w.github.clientSecret,
    CLOUDGRID_AUTH_GITHUB_REDIRECT_URI: redirect,
    CLOUDGRID_AUTH_GITHUB_BASE_URL: w.github.baseUrl,
    CLOUDGRID_AUTH_GITHUB_API_URL: w.github.apiUrl,
    CLOUDGRID_AUTH_GOOGLE_ISSUER: w.google.issuer,
    CLOUDGRID_AUTH_GOOGLE_CLIENT_ID: w.google.clientId,
    CLOUDGRID_AUTH_GOOGLE_CLIENT_SECRET: w.google.clientSecret,
    CLOUDGRID_AUTH_GOOGLE_REDIRECT_URI: redirect,
    CLOUDGRID_AUTH_AZURE_ISSUER: w.entra.issuerOf(w.entra.directories.contoso),
    CLOUDGRID_AUTH_AZURE_CLIENT_ID: w.entra.clientId,
    CLOUDGRID_AUTH_AZURE_CLIENT_SECRET: w.entra.clientSecret,
    CLOUDGRID_AUTH_AZURE_REDIRECT_URI: redirect,
  };
}

function testClock(): TestClock {
  let offsetMs = 0;
  return {
    now: () => new Date(Date.now() + offsetMs),
    monotonicMs: () => performance.now(),
    advance(ms) {
      offsetMs += ms;
    },
    setRight() {
      offsetMs = 0;
    },
  };
}

async function openStandIns(): Promise<StandIns & { close(): Promise<void> }> {
  const clock = testClock();
  const options = { now: clock.now };
  const [github, google, entra] = await Promise.all([
    startGitHub(options),
    startGoogle(options),
    startEntra(options),
  ]);
  const close = async () => {
    await Promise.all([github.close(), google.close(), entra.close()]);
  };
  return { github, google, entra, clock, close };
}

async function openWorld(standIns: StandIns, changes: Readonly<Record<string, string | undefined>>) {
  const publicOrigin = new URL(changes['CLOUDGRID_PUBLIC_URL'] ?? 'http://localhost:3000');
  const database = await makeDatabase();
  const logLines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logLines.push(chunk.toString());
      done();
    },
  });
  const log = openLog({ level: 'info', stream: sink });
  const clouds: Cloud[] = [];

  async function run(config: CloudConfig): Promise<URL> {
    const cloud = await buildCloud(config, { log, clock: standIns.clock, drainMs: 2_000 });
    clouds.push(cloud);
    return new URL((await cloud.listen()).address);
  }

  const configOf = (more: Readonly<Record<string, string | undefined>>) =>
    readCloudConfig({ ...environmentOf(standIns, publicOrigin, database), ...changes, ...more });
  let address = publicOrigin;
  const newBrowser = (serverAddress = () => address) => openBrowser({ publicOrigin, serverAddress });

  const world: World = {
    ...standIns,
    publicOrigin,
    database,
    logLines,
    newBrowser: () => newBrowser(),
    browser: newBrowser(),
    otherBrowser: newBrowser(),
    address: () => address,
    async start(more = {}) {
      await world.stop();
      address = await run(configOf(more));
    },
    async stop() {
      for (const cloud of clouds.splice(0)) await cloud.close();
    },
    async startReplica() {
      const replica = await run(configOf({}));
      return {
        address: replica,
        browserLike(browser) {
          const twin = newBrowser(() => replica);
          for (const [name, value] of browser.cookies) twin.cookies.set(name, value);
          return twin;
        },
      };
    },
    async sql<Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []) {
      return await asAdmin(database, async (client) => {
        await client.query('set search_path = gatehouse');
        return (await client.query<Row>(text, [...values])).rows;
      });
    },
    async count(table) {
      const [row] = await world.sql<{ n: string }>(`select count(*)::text as n from ${table}`);
      return Number(row?.n);
    },
  };
  return {
    world,
    async close() {
      await world.stop();
      await dropDatabase(database);
    },
  };
}

type Fixtures = {
  standIns: StandIns;
  /** Variables that differ from the usual ones: `const test = base.extend('environment', {…})`. An override outside of a `describe` would reach other files. */
  environment: Readonly<Record<string, string | undefined>>;
  /** A running Cloud Backend with a database of its own, and three providers. */
  w: World;
};

/** A test in a world of its own: real server, real database, providers that sign real tokens. */
export const test = base
  .extend('standIns', { scope: 'file' }, async ({}, { onCleanup }) => {
    const opened = await openStandIns();
    onCleanup(opened.close);
    return opened;
  })
  .extend('environment', {} as Fixtures['environment'])
  .extend('w', async ({ standIns, environment }, { onCleanup }) => {
    standIns.clock.setRight(); // what an earlier test advanced it by is no matter here
    for (const standIn of [standIns.github, standIns.google, standIns.entra]) {
      standIn.misbehave.clear();
      standIn.signsInAs(undefined);
      standIn.journal.clear();
    }
    const { world, close } = await openWorld(standIns, environment);
    onCleanup(close);
    await world.start();
    return world;
  });
