import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished } from 'vitest';
import { openDatabaseProxy } from '../support/database-proxy.ts';
import { asAdmin, databaseUrl, dropDatabase, makeDatabase } from '../support/databases.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import { until } from '../support/processes.ts';
import {
  expectNoWrongAnswer,
  keepAsking,
  revokeAll,
  startThreeReplicas,
  verify,
} from '../support/three-replicas.ts';
import { test } from '../support/world.ts';

async function newDatabase(): Promise<string> {
  const database = await makeDatabase();
  onTestFinished(() => dropDatabase(database));
  return database;
}

/** Ends the connections by which processes follow changes, over and over, until told to stop. */
function cutChannels(database: string): { stop(): Promise<number> } {
  let isOver = false;
  const cutting = asAdmin('postgres', async (client) => {
    let cut = 0;
    while (!isOver) {
      const { rowCount } = await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = $1 and application_name = 'gatehouse changes'`,
        [database],
      );
      cut += rowCount ?? 0;
      await sleep(20);
    }
    return cut;
  });
  return {
    stop() {
      isOver = true;
      return cutting;
    },
  };
}

describe('a revocation reaches three replicas within a second', () => {
  test('while all is well', async ({ standIns }) => {
    const database = await newDatabase();
    const replicas = await startThreeReplicas(standIns, databaseUrl(database));
    const watches = replicas.map(({ browser }) => keepAsking(browser));
    await sleep(1_000);
    const revokedMs = await revokeAll(database);
    await sleep(1_500);
    for (const watch of watches) {
      await watch.stop();
      expectNoWrongAnswer(watch, revokedMs);
      expect(
        watch.answers.every(({ status }) => status !== 503),
        'nothing was away',
      ).toBe(true);
    }
  });

  test('though no notification is ever sent', async ({ standIns }) => {
    const database = await newDatabase();
    await asAdmin(database, (client) =>
      client.query(`create or replace function gatehouse.note_change(kind text, subject text) returns void
        language sql security definer set search_path = gatehouse, pg_temp
        as $$ insert into changes (kind, subject) values (kind, subject) on conflict do nothing $$`),
    );
    const replicas = await startThreeReplicas(standIns, databaseUrl(database));
    const watches = replicas.map(({ browser }) => keepAsking(browser));
    await sleep(300);
    const revokedMs = await revokeAll(database);
    await sleep(1_500);
    for (const watch of watches) {
      await watch.stop();
      expectNoWrongAnswer(watch, revokedMs);
    }
  });

  test('though the channel is cut all the time, and nobody is turned away for it', async ({ standIns }) => {
    const database = await newDatabase();
    const replicas = await startThreeReplicas(standIns, databaseUrl(database));
    const cut = cutChannels(database);
    const watches = replicas.map(({ browser }) => keepAsking(browser));
    await sleep(1_500);
    const revokedMs = await revokeAll(database);
    await sleep(1_500);
    expect(await cut.stop()).toBeGreaterThan(3);
    for (const watch of watches) {
      await watch.stop();
      expectNoWrongAnswer(watch, revokedMs);
      expect(
        watch.answers.every(({ status }) => status !== 503),
        'the database answers',
      ).toBe(true);
    }
  });

  test('when the notes of a long transaction come late', async ({ standIns }) => {
    const database = await newDatabase();
    const replicas = await startThreeReplicas(standIns, databaseUrl(database));
    await asAdmin(database, async (client) => {
      await client.query('begin');
      await client.query(`update gatehouse.sessions set ended_at = now(), ended_because = 'revoked'`);
      // Many later transactions are seen before this one is over.
      await asAdmin(database, async (other) => {
        for (let count = 0; count < 20; count += 1) {
          await other.query(`select gatehouse.note_change('user', gen_random_uuid()::text)`);
          await sleep(50);
        }
      });
      for (const { browser } of replicas) expect(await verify(browser)).toBe(200);
      await client.query('commit');
    });
    for (const { browser } of replicas) await until(async () => (await verify(browser)) === 401, 1_000);
  });

  test('also one that slept meanwhile: what it answers after it woke is true', async ({ standIns }) => {
    const database = await newDatabase();
    const replicas = await startThreeReplicas(standIns, databaseUrl(database));
    const sleeper = replicas[1];
    if (sleeper === undefined) throw new Error('three replicas were started');
    sleeper.cloud.signal('SIGSTOP');
    await revokeAll(database);
    const asked = Array.from({ length: 20 }, () => verify(sleeper.browser));
    await sleep(2_500);
    sleeper.cloud.signal('SIGCONT');
    expect(new Set(await Promise.all(asked))).toEqual(new Set([401]));
    expect(await verify(sleeper.browser)).toBe(401);
    for (const { browser } of replicas) expect(await verify(browser)).toBe(401);
  });

  test('also one that can reach the database no more: it says that it does not know', async ({
    standIns,
  }) => {
    const database = await newDatabase();
    const proxy = await openDatabaseProxy();
    const direct = databaseUrl(database);
    const replicas = await startThreeReplicas(standIns, [direct, proxy.urlOf(database), direct]);
    const island = replicas[1];
    if (island === undefined) throw new Error('three replicas were started');
    proxy.fallSilent();
    const watch = keepAsking(island.browser);
    const revokedMs = await revokeAll(database);
    await sleep(2_000);
    await proxy.comeBack();
    await until(async () => (await verify(island.browser)) === 401, 15_000);
    await watch.stop();
    expectNoWrongAnswer(watch, revokedMs);
    expect(watch.answers.map(({ status }) => status)).toContain(503);
  }, 60_000);
});

test('Postgres is restarted under load: known sessions are never turned away, and a revocation afterwards counts', async ({
  standIns,
}) => {
  const postgres = await startOwnPostgres();
  const replicas = await startThreeReplicas(standIns, postgres.url);
  const watches = replicas.map(({ browser }) => keepAsking(browser));
  await sleep(300);
  await postgres.stop();
  await sleep(300);
  await postgres.startAgain();
  await sleep(1_500);
  for (const { browser } of replicas) await until(async () => (await verify(browser)) === 200, 5_000);
  for (const [index, watch] of watches.entries()) {
    const statuses = new Set(watch.answers.map(({ status }) => status));
    expect(statuses.has(401), `replica ${String(index)} turned somebody away`).toBe(false);
  }
  const [one] = replicas;
  expect((await one?.browser.post('/auth/logout'))?.status).toBe(204);
  const revokedMs = performance.now();
  await sleep(1_500);
  for (const watch of watches) {
    await watch.stop();
    expectNoWrongAnswer(watch, revokedMs);
  }
}, 60_000);
