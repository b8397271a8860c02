import { describe, expect } from 'vitest';
import type { Browser } from '../support/browser.ts';
import { meOf, signInAs } from '../support/people.ts';
import { until } from '../support/processes.ts';
import { test } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** What every revocation is given. */
const boundMs = 1_000;

const statusOf = async (browser: Browser, path = '/auth/verify') => (await browser.get(path)).status;

/** Asks until the answers come from memory. */
async function knows(browser: Browser): Promise<void> {
  for (let times = 0; times < 3; times += 1) {
    expect(await statusOf(browser)).toBe(200);
    expect(await statusOf(browser, '/api/v1/me')).toBe(200);
  }
}

/** A signed-in admin whose session and access the server knows. */
async function knownAdmin(w: World): Promise<Browser> {
  const browser = await signInAs(w, 'google', 'ada', w.browser);
  await knows(browser);
  return browser;
}

/** How long it took until the answer was this one; before that it was the one it had been. */
async function msUntil(browser: Browser, status: number): Promise<number> {
  const startedMs = performance.now();
  await until(async () => {
    const answer = await statusOf(browser);
    expect([200, status]).toContain(answer);
    return answer === status;
  }, 5_000);
  return performance.now() - startedMs;
}

const changesThatEnd = [
  ['the session is revoked', `update sessions set ended_at = now(), ended_because = 'revoked'`, 401],
  ['the session is deleted', 'delete from sessions', 401],
  ['the session is given less time', `update sessions set expires_at = now() - interval '1 day'`, 401],
  ['the account is disabled', `update users set status = 'disabled'`, 401],
  ['the member is removed', 'delete from members', 403],
  ['the company is suspended', `update companies set status = 'suspended'`, 403],
  ['the company is made to wait', `update companies set status = 'pending'`, 403],
] as const;

describe('a session that is known', () => {
  test('is answered without the database', async ({ w }) => {
    const browser = await knownAdmin(w);
    await w.sql('alter table sessions rename to sessions_away');
    await w.sql('alter table members rename to members_away');
    await knows(browser);
  });

  test('S-08 is over at once, for the process that was asked to end it', async ({ w }) => {
    const browser = await knownAdmin(w);
    for (let round = 0; round < 5; round += 1) {
      const held = browser.cookies.get('gatehouse') ?? '';
      expect((await browser.post('/auth/logout')).status).toBe(204);
      browser.cookies.set('gatehouse', held);
      expect(await statusOf(browser)).toBe(401);
      expect(await statusOf(browser, '/api/v1/me')).toBe(401);
      await signInAs(w, 'google', 'ada', browser);
      await knows(browser);
    }
  });

  test.for(changesThatEnd)(
    'is refused within a second on every replica when %s',
    async ([, change, status], { w }) => {
      const browser = await knownAdmin(w);
      const twin = (await w.startReplica()).browserLike(browser);
      await knows(twin);
      await w.sql(change);
      const lags = await Promise.all([msUntil(browser, status), msUntil(twin, status)]);
      expect(Math.max(...lags)).toBeLessThan(boundMs);
    },
  );

  test('meets a changed role, a new project and a renamed company within a second', async ({ w }) => {
    const browser = await knownAdmin(w);
    const isSo = async (path: string, status: number) => {
      await until(async () => (await statusOf(browser, path)) === status, boundMs);
    };
    await w.sql(
      `insert into projects select id, gen_random_uuid(), 'alpha', 'Alpha', 'active', now() from companies`,
    );
    await isSo('/auth/verify?project=alpha&role=admin', 200);
    await w.sql(`update members set role = 'user'`);
    await isSo('/auth/verify?project=alpha', 403);
    await w.sql(
      `insert into project_members select m.company_id, p.id, m.user_id, 'editor' from members m, projects p`,
    );
    await isSo('/auth/verify?project=alpha&role=editor', 200);
    await isSo('/auth/verify?project=alpha&role=admin', 403);
    await w.sql(`update projects set status = 'read_only'`);
    await isSo('/auth/verify?project=alpha&role=editor', 403);
    await isSo('/auth/verify?project=alpha&role=viewer', 200);
    await w.sql(`update projects set status = 'disabled'`);
    await isSo('/auth/verify?project=alpha', 403);
    await w.sql(`update companies set name = 'Acme & Sons'`);
    await until(async () => (await meOf(browser)).companies[0]?.name === 'Acme & Sons', boundMs);
  });

  test('sees an invitation when it comes and when it is withdrawn, within a second', async ({ w }) => {
    const browser = await knownAdmin(w);
    await w.sql(`insert into companies values (gen_random_uuid(), 'beta', 'Beta', 'active', now(), null)`);
    await w.sql(`insert into invitations (company_id, id, email, role, status, created_at, expires_at, delivery_status)
      select c.id, gen_random_uuid(), e.address, 'user', 'pending', now(), now() + interval '1 day', 'not_configured'
      from companies c, user_emails e where c.slug = 'beta'`);
    await until(async () => (await meOf(browser)).invitations[0]?.company.slug === 'beta', boundMs);
    await w.sql(`update invitations set status = 'revoked'`);
    await until(async () => (await meOf(browser)).invitations.length === 0, boundMs);
  });

  test('is noted as used, without a write for every request', async ({ w }) => {
    const browser = await knownAdmin(w);
    const seenAt = async () => (await w.sql<{ at: Date }>('select last_seen_at as at from sessions'))[0]?.at;
    const before = await seenAt();
    await knows(browser);
    w.clock.advance(61_000);
    await knows(browser);
    await until(async () => (await seenAt())?.getTime() !== before?.getTime(), 3_000);
    const [row] = await w.sql<{ n: string }>(
      `select n_tup_upd::text as n from pg_stat_all_tables where relname = 'sessions'`,
    );
    expect(Number(row?.n)).toBeLessThanOrEqual(2);
  });
});
