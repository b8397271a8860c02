import { join } from 'node:path';
import { describe, expect, inject, onTestFinished } from 'vitest';
import { asAdmin, databaseUrl, dropDatabase } from '../support/databases.ts';
import { brokenInvariants } from '../support/invariants.ts';
import { startProcess } from '../support/processes.ts';
import { test } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** From now on Postgres refuses the first inserts into this table, as it refuses what would not be serialisable. */
async function refuseInserts(w: World, table: string, { times, code }: { times: number; code: string }) {
  // A sequence counts on where a transaction is rolled back.
  await w.sql('create sequence refusals');
  await w.sql(`create function refuse() returns trigger language plpgsql security definer as $$ begin
    if nextval('gatehouse.refusals') <= ${String(times)} then raise exception 'refused for a test' using errcode = '${code}'; end if;
    return new; end $$`);
  await w.sql(`create trigger refuse before insert on ${table} for each row execute function refuse()`);
}

describe('R-14 Postgres gives a transaction up', () => {
  test.for([
    { what: 'a deadlock', code: '40P01', table: 'sessions' },
    { what: 'a serialization failure', code: '40001', table: 'audit_events' },
    { what: 'a deadlock at the first write', code: '40P01', table: 'users' },
  ])('three times for $what: the sign-in is tried again and happens once', async ({ code, table }, { w }) => {
    await refuseInserts(w, table, { times: 3, code });
    w.google.signsInAs('ada');
    expect(await w.browser.signIn('google')).toRedirectTo('/');
    expect((await w.browser.get('/api/v1/me')).status).toBe(200);
    const [row] = await w.sql<{ tries: string }>('select last_value::text as tries from refusals');
    expect(Number(row?.tries), 'it was refused').toBeGreaterThan(3);
    expect(w.google.journal.count('token')).toBe(1);
    for (const once of ['users', 'identities', 'sessions', 'members'])
      expect(await w.count(once), once).toBe(1);
    for (const type of ['account.created', 'session.started', 'member.first_admin_claimed']) {
      expect(await w.count(`audit_events where type = '${type}'`), type).toBe(1);
    }
    expect(await brokenInvariants(w.database)).toEqual([]);
  });

  test('between statements that do not wait for each other: it is tried again all the same', async ({
    w,
  }) => {
    w.google.signsInAs('ada');
    expect(await w.browser.signIn('google')).toRedirectTo('/');
    // Signing in again ends the session that this browser holds, in front of what begins the next one.
    await w.sql('create sequence refusals');
    await w.sql(`create function refuse() returns trigger language plpgsql security definer as $$ begin
      if nextval('gatehouse.refusals') <= 3 then raise exception 'refused for a test' using errcode = '40P01'; end if;
      return new; end $$`);
    await w.sql('create trigger refuse before update on sessions for each row execute function refuse()');
    expect(await w.browser.signIn('google')).toRedirectTo('/');
    const [row] = await w.sql<{ tries: string }>('select last_value::text as tries from refusals');
    expect(Number(row?.tries), 'it was refused').toBeGreaterThan(3);
    expect(w.google.journal.count('token'), 'one for each sign-in').toBe(2);
    expect(await w.count('sessions where ended_at is null')).toBe(1);
    expect(await brokenInvariants(w.database)).toEqual([]);
  });

  test('for good: nothing of the sign-in stays but its refusal, and the next one works', async ({ w }) => {
    await refuseInserts(w, 'sessions', { times: 4, code: '40001' });
    w.google.signsInAs('ada');
    expect(await w.browser.signIn('google')).toBeRefusedWith('storage_unavailable');
    for (const none of ['users', 'identities', 'sessions', 'members'])
      expect(await w.count(none), none).toBe(0);
    expect(await brokenInvariants(w.database)).toEqual([]);
    expect(await w.browser.signIn('google')).toRedirectTo('/');
    expect(await brokenInvariants(w.database)).toEqual([]);
  });
});

async function makeEmptyDatabase(): Promise<string> {
  const name = `empty_${String(process.pid)}`;
  const { user } = inject('postgres');
  await asAdmin('postgres', (client) => client.query(`create database ${name} owner ${user}`));
  onTestFinished(() => dropDatabase(name));
  return name;
}

test('R-15 ten processes that migrate an empty database at once all succeed, and each migration ran once', async () => {
  const database = await makeEmptyDatabase();
  const script = join(import.meta.dirname, '../support/migrating-process.ts');
  const migrating = Array.from({ length: 10 }, () =>
    startProcess({ script, args: [databaseUrl(database)], env: {} }),
  );
  for (const { end, said } of migrating) {
    expect(await end, said.err).toEqual({ code: 0, signal: null });
  }
  const { rows } = await asAdmin(database, (client) =>
    client.query<{ name: string; n: number }>(
      'select name, count(*)::int as n from gatehouse.migrations group by 1',
    ),
  );
  expect(rows.length).toBeGreaterThan(1);
  expect(rows.filter(({ n }) => n !== 1)).toEqual([]);
  expect(await brokenInvariants(database)).toEqual([]);
}, 60_000);
