import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openChangeFeed } from '../../src/db/changes.ts';
import type { ChangeFeed } from '../../src/db/changes.ts';
import { openLease } from '../../src/db/lease.ts';
import { forgetChanges } from '../../src/db/forget-changes.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { inSystem } from '../../src/db/scopes.ts';
import { asAdmin, connectionTo, dropDatabase, makeDatabase } from '../support/databases.ts';
import { until } from '../support/processes.ts';

let database: string;
beforeAll(async () => {
  database = await makeDatabase();
});
afterAll(() => dropDatabase(database));

const sql = (text: string) => asAdmin(database, (client) => client.query(text));
const note = (subject: string) => sql(`select gatehouse.note_change('user', '${subject}')`);

/** A feed whose monotonic clock can be made to jump. */
async function follow(): Promise<{ feed: ChangeFeed; lags: number[]; sleep(ms: number): void }> {
  const lags: number[] = [];
  let sleptMs = 0;
  const feed = openChangeFeed({
    connection: connectionTo(database),
    clock: { now: () => new Date(), monotonicMs: () => performance.now() + sleptMs },
    onLag: (seconds) => lags.push(seconds),
  });
  onTestFinished(() => feed.close());
  await until(() => feed.stats().holdsLease);
  return {
    feed,
    lags,
    sleep(ms) {
      sleptMs += ms;
    },
  };
}

describe('what follows the changes of all processes', () => {
  test('knows of a change when it has caught up, and of nothing else', async () => {
    const { feed, lags } = await follow();
    const moment = feed.moment();
    await note('ada');
    await feed.catchUp();
    expect(feed.holds(moment, ['ada'])).toBe(false);
    expect(feed.holds(moment, ['bob'])).toBe(true);
    expect(lags).toHaveLength(1);
    expect(lags[0]).toBeLessThan(1);
  });

  test('is told of each change once, though an older transaction is still open', async () => {
    const { feed } = await follow();
    await asAdmin(database, async (early) => {
      await early.query('begin');
      await early.query('select pg_current_xact_id()');
      await note('ada');
      await feed.catchUp();
      const moment = feed.moment();
      for (let times = 0; times < 5; times += 1) await feed.catchUp();
      expect(feed.moment()).toBe(moment);
      await early.query(`select gatehouse.note_change('user', 'late')`);
      await early.query('commit');
      await feed.catchUp();
      expect(feed.holds(moment, ['late'])).toBe(false);
      expect(feed.holds(moment, ['ada'])).toBe(true);
    });
  });

  test('is not told of what was rolled back', async () => {
    const { feed } = await follow();
    const moment = feed.moment();
    await asAdmin(database, async (client) => {
      await client.query('begin');
      await client.query(`select gatehouse.note_change('user', 'nobody')`);
      await client.query('rollback');
    });
    await feed.catchUp();
    expect(feed.holds(moment, ['nobody'])).toBe(true);
  });

  test('trusts nothing after a minute in which it saw nothing, though no note of it is left', async () => {
    const { feed, sleep } = await follow();
    const moment = feed.moment();
    sleep(61_000);
    await feed.catchUp();
    expect(feed.holds(moment, ['ada'])).toBe(false);
    expect(feed.holds(feed.moment(), ['ada'])).toBe(true);
    expect(feed.stats().flushes).toBe(2);
  });

  test('holds no lease while it sleeps, and none for what it knew when it wakes', async () => {
    const { feed, sleep } = await follow();
    const moment = feed.moment();
    expect(feed.holds(moment, [])).toBe(true);
    sleep(701);
    expect(feed.holds(moment, [])).toBe(false);
    await feed.catchUp();
    expect(feed.holds(moment, [])).toBe(true);
  });

  test('forgets everything at once where ten thousand changes came together', async () => {
    const { feed } = await follow();
    const moment = feed.moment();
    await sql(`select gatehouse.note_change('user', n::text) from generate_series(1, 10001) as n`);
    await feed.catchUp();
    expect(feed.holds(moment, ['somebody else'])).toBe(false);
    expect(feed.stats().flushes).toBe(2);
  });

  test('trusts nothing that it knew before its connection broke', async () => {
    const { feed } = await follow();
    const moment = feed.moment();
    await sql(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'gatehouse changes'`);
    await until(() => !feed.stats().isConnected);
    expect(feed.holds(moment, [])).toBe(false);
    await until(() => feed.stats().holdsLease);
    expect(feed.holds(moment, [])).toBe(false);
    expect(feed.holds(feed.moment(), [])).toBe(true);
  });

  test('tries four times a second where nobody answers, and not more', async () => {
    const feed = openChangeFeed({
      connection: { host: '127.0.0.1', port: 1 },
      clock: { now: () => new Date(), monotonicMs: () => performance.now() },
    });
    onTestFinished(() => feed.close());
    await sleep(1_000);
    expect(feed.stats().failures).toBeGreaterThan(0);
    expect(feed.stats().failures).toBeLessThanOrEqual(5);
  });

  test('forgets everything when another server answers', () => {
    const lease = openLease({ clock: { now: () => new Date(), monotonicMs: () => 0 } });
    const notes = { snapshot: '5:5:', at: new Date(), changes: [] };
    lease.renew({ ...notes, server: 'the first' }, 0);
    const moment = lease.moment();
    lease.renew({ ...notes, server: 'the first' }, 0);
    expect(lease.holds(moment, [])).toBe(true);
    lease.renew({ ...notes, server: 'the one that took its place' }, 0);
    expect(lease.holds(moment, [])).toBe(false);
  });

  test('waits for nobody once it is closed', async () => {
    const { feed } = await follow();
    await feed.close();
    await feed.catchUp();
    expect(feed.holds(feed.moment(), [])).toBe(false);
  });
});

test('notes are kept for ten minutes and then deleted, by the clock of the database', async () => {
  const db = openDatabase({
    connection: connectionTo(database),
    maxConnections: 1,
    onError: () => undefined,
  });
  onTestFinished(() => db.destroy());
  await sql('delete from gatehouse.changes');
  await sql(`insert into gatehouse.changes (subject, kind, at) values
    ('old', 'user', clock_timestamp() - interval '11 minutes'), ('new', 'user', clock_timestamp() - interval '9 minutes')`);
  expect(await inSystem(db, forgetChanges)).toBe(1);
  expect((await sql('select subject from gatehouse.changes')).rows).toEqual([{ subject: 'new' }]);
});
