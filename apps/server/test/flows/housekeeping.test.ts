import { describe, expect } from 'vitest';
import { openDatabase } from '../../src/db/open-database.ts';
import type { SystemTx } from '../../src/db/scopes.ts';
import { keepHouse } from '../../src/jobs/housekeeping.ts';
import { connectionTo } from '../support/databases.ts';
import { signInAs } from '../support/people.ts';
import { test } from '../support/world.ts';
import type { World } from '../support/world.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** One round of chores; returns what failed. */
async function keepHouseOf(
  w: World,
  sealEvents: (tx: SystemTx) => Promise<number> = () => Promise.resolve(0),
) {
  const db = openDatabase({
    connection: connectionTo(w.database),
    maxConnections: 2,
    onError: () => undefined,
  });
  const failures: unknown[] = [];
  await keepHouse({ db, clock: w.clock, moreChores: [sealEvents], onError: (error) => failures.push(error) });
  await db.destroy();
  return failures;
}

describe('the chores of the house', () => {
  test('who never comes back from the provider is an outcome too', async ({ w }) => {
    await w.browser.ask('/auth/login?provider=google');
    w.clock.advance(10 * minute + 1_000);
    expect(await keepHouseOf(w)).toEqual([]);
    expect(await w.sql(`select outcome, steps->0->>'name' as step from traces`)).toEqual([
      { outcome: 'did_not_return', step: 'authorization_url' },
    ]);
    expect(await w.count(`audit_events where type = 'sign_in.not_returned' and reason is null`)).toBe(1);
  });

  test('who came back in the last moment is not told as one who did not', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callback } = await w.browser.beginSignIn('google');
    await w.sql('update attempts set expires_at = $1', [new Date(w.clock.now().getTime() + 4_000)]);
    const held = w.google.hold('token');
    const arrival = callback();
    await held.arrived;
    w.clock.advance(10_000);
    expect(await keepHouseOf(w)).toEqual([]);
    held.release();
    expect(await arrival).toRedirectTo('/');
    expect(await w.count(`audit_events where type = 'sign_in.not_returned'`)).toBe(0);
  });

  test('an attempt that was closed while it was under way makes no session', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callback } = await w.browser.beginSignIn('google');
    const held = w.google.hold('token');
    const arrival = callback();
    await held.arrived;
    await w.sql(`update attempts set settled_at = now(), outcome = 'did_not_return', remembered = null`);
    held.release();
    expect(await arrival).toBeRefusedWith('attempt_invalid');
    expect(await w.count('sessions')).toBe(0);
    expect(await w.count('users')).toBe(0);
  });

  test('a flood of abandoned attempts is cleared in one round, a part at a time', async ({ w }) => {
    await w.browser.ask('/auth/login?provider=google');
    await w.sql(`insert into attempts (id, reference, state_hash, browser_hash, connection_id, callback_path, purpose, begun_at, expires_at)
      select gen_random_uuid(), 'R' || n, sha256(n::text::bytea), browser_hash, connection_id, callback_path, purpose, begun_at, expires_at
      from attempts, generate_series(1, 1600) n`);
    w.clock.advance(11 * minute);
    expect(await keepHouseOf(w)).toEqual([]);
    expect(await w.count('attempts where settled_at is null')).toBe(0);
    expect(await w.count(`audit_events where type = 'sign_in.not_returned'`)).toBe(1601);
  });

  test('what is kept for seven days goes afterwards; a salt goes after ten seconds', async ({ w }) => {
    await signInAs(w, 'google', 'ada');
    w.clock.advance(11_000);
    await keepHouseOf(w);
    expect(await w.count('attempts where salt is not null')).toBe(0);
    expect(await w.count('attempts')).toBe(1);
    w.clock.advance(7 * day);
    await keepHouseOf(w);
    expect([await w.count('attempts'), await w.count('traces')]).toEqual([0, 0]);
    expect(await w.count('sessions')).toBe(1);
    w.clock.advance(31 * day);
    await keepHouseOf(w);
    expect(await w.count('sessions')).toBe(0);
    expect(await w.count('audit_events')).toBeGreaterThan(0);
  });

  test('one that fails keeps no other from being done', async ({ w }) => {
    await w.browser.ask('/auth/login?provider=google');
    w.clock.advance(11 * minute);
    await w.sql('alter table pending_links rename to gone');
    const sealed: string[] = [];
    const failures = await keepHouseOf(w, () => {
      sealed.push('asked');
      return Promise.resolve(0);
    });
    expect(failures).toHaveLength(1);
    expect(sealed).toEqual(['asked']);
  });
});
