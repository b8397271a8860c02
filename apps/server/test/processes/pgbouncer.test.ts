import { Client } from 'pg';
import { expect, inject, onTestFinished } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { openCrowd } from '../support/crowd.ts';
import { asAdmin, databaseUrl, dropDatabase } from '../support/databases.ts';
import { brokenInvariants } from '../support/invariants.ts';
import { isPgbouncerInstalled, startPgbouncer } from '../support/pgbouncer.ts';
import { cloudScript, publicOrigin, runToEnd, startCloud, until } from '../support/processes.ts';
import { linesWith } from '../support/workers.ts';
import { environmentOf, test as inWorld } from '../support/world.ts';

const test = inWorld.extend('isInstalled', { auto: true }, ({ skip }) => {
  skip(!isPgbouncerInstalled, 'pgbouncer is not installed');
  return isPgbouncerInstalled;
});

let made = 0;

async function emptyDatabase(): Promise<string> {
  made += 1;
  const name = `pooled_${process.pid}_${made}`;
  await asAdmin('postgres', (client) =>
    client.query(`create database ${name} owner ${inject('postgres').user}`),
  );
  onTestFinished(() => dropDatabase(name));
  return name;
}

const poolSize = 3;

async function connectionsTo(database: string): Promise<number> {
  return await asAdmin('postgres', async (client) => {
    const { rows } = await client.query<{ n: number }>(
      'select count(*)::int as n from pg_stat_activity where datname = $1',
      [database],
    );
    return rows[0]?.n ?? 0;
  });
}

/** What a transaction finds that sets nothing itself, on whichever connection it is lent. */
async function sessionStates(url: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const states = new Set<string>();
  for (let time = 0; time < 20; time += 1) {
    const { rows } = await client.query(
      `select current_user::text as "user", current_setting('search_path') as path,
        current_setting('statement_timeout') as timeout, coalesce(current_setting('app.company_id', true), '') as company,
        (select count(*)::int from pg_prepared_statements) as prepared`,
    );
    states.add(JSON.stringify(rows[0]));
  }
  await client.end();
  return [...states].map((state): unknown => JSON.parse(state));
}

test('two servers share three connections of a pooler, and leave nothing behind on them', async ({
  standIns,
}) => {
  const database = await emptyDatabase();
  const pooler = await startPgbouncer(poolSize);
  const env = {
    ...environmentOf(standIns, publicOrigin, database),
    DATABASE_URL: pooler.urlOf(database),
  };
  const first = await startCloud({ ...env, DATABASE_MIGRATION_URL: databaseUrl(database) });
  // There is nothing to migrate any more: no session of its own is needed.
  const clouds = [first, await startCloud(env)];
  let turn = 0;
  const newBrowser = () =>
    openBrowser({
      publicOrigin,
      serverAddress: () => clouds[(turn += 1) % clouds.length]?.address ?? first.address,
    });
  const crowd = openCrowd(standIns, newBrowser, 6);
  let most = 0;
  await until(async () => {
    most = Math.max(most, await connectionsTo(database));
    return crowd.cameIn() >= 24 || crowd.failures.length > 0;
  });
  await crowd.goHome();
  expect(crowd.failures).toEqual([]);
  expect(most).toBeGreaterThan(0);
  // And one that is just being replaced.
  expect(most).toBeLessThanOrEqual(poolSize + 1);
  const { user } = inject('postgres');
  expect(await sessionStates(pooler.urlOf(database))).toEqual([
    { user, path: '"$user", public', timeout: '0', company: '', prepared: 0 },
  ]);
  for (const cloud of clouds) {
    const counted = 'rate limits are counted by this process alone, for their table cannot be reached';
    expect(linesWith(cloud, counted)).toEqual([]);
  }
  expect(await brokenInvariants(database)).toEqual([]);
}, 60_000);

test('migrations through such a pooler are refused, and the advice names what to set', async ({
  standIns,
}) => {
  const database = await emptyDatabase();
  const pooler = await startPgbouncer(poolSize);
  const env = {
    ...environmentOf(standIns, publicOrigin, database),
    DATABASE_URL: pooler.urlOf(database),
  };
  const { code, err } = await runToEnd({ script: cloudScript, env });
  expect(code).toBe(1);
  expect(err).toMatch(/^Gatehouse could not start: .*pooler.* Set DATABASE_MIGRATION_URL/);
});
