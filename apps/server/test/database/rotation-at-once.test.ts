import { expect, test, vi } from 'vitest';
import { acceptOwnInvitation } from '../../src/account/own-invitations.ts';
import { renewalBy } from '../../src/build-access.ts';
import { inSystem } from '../../src/db/scopes.ts';
import type { SystemTx } from '../../src/db/scopes.ts';
import { dayMs } from '../../src/kernel/clock.ts';
import { randomToken } from '../../src/kernel/tokens.ts';
import { endLine, endSessionsOf, rotateSession, startSession } from '../../src/session/index.ts';
import { houseOfThisFile } from '../support/house.ts';

const house = await houseOfThisFile();
const limits = { ttlMs: dayMs };
const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;

async function signedIn(userId: string, token = randomToken()): Promise<string> {
  const started = {
    kind: 'cookie' as const,
    userId,
    token,
    connectionId: 'test',
    signedInWith: 'test',
    origin: {},
  };
  const during = { limits, now: house.clock.now() };
  return (await inSystem(house.db, (tx) => startSession(tx, started, during))).session.id;
}

/** Begins `work` while a rotation is written and not committed yet; commits that once the work waits for it. */
async function whileRotating<T>(
  session: { readonly id: string; readonly userId: string },
  work: (tx: SystemTx) => Promise<T>,
): Promise<T> {
  const isRotated = Promise.withResolvers<undefined>();
  const mayCommit = Promise.withResolvers<undefined>();
  const rotating = inSystem(house.db, async (tx) => {
    await rotateSession(tx, session, { token: randomToken(), now: house.clock.now() });
    isRotated.resolve(undefined);
    await mayCommit.promise;
  });
  await isRotated.promise;
  const working = inSystem(house.db, work);
  await vi.waitFor(async () => {
    expect(await house.sql(waiting)).not.toEqual([]);
  });
  mayCommit.resolve(undefined);
  await rotating;
  return await working;
}

test('a session that is rotated at the same moment does not slip past “sign out all others”', async () => {
  const userId = await house.user('Ada');
  const [here, there] = [await signedIn(userId), await signedIn(userId)];
  const now = house.clock.now();
  const during = { because: 'revoked', limits, now, currentId: here } as const;
  const ended = await whileRotating({ id: there, userId }, (tx) =>
    endSessionsOf(tx, { userId, butFor: here }, during),
  );
  expect(ended).toHaveLength(1);
  expect(await house.sql('select id from sessions where ended_at is null')).toEqual([{ id: here }]);
});

test('a session that is rotated at the same moment does not outlive its sign-out', async () => {
  const userId = await house.user('Ada');
  const token = randomToken();
  const [here, elsewhere] = [await signedIn(userId, token), await signedIn(userId)];
  const now = house.clock.now();
  const line = await whileRotating({ id: here, userId }, (tx) => endLine(tx, token, now));
  expect(line?.ended).toHaveLength(1);
  expect(
    await house.sql('select id from sessions where user_id = $1 and ended_at is null', [userId]),
  ).toEqual([{ id: elsewhere }]);
});

test('a session that was rotated is signed out by the cookie from before, and one that is over ends nothing', async () => {
  const userId = await house.user('Ada');
  const token = randomToken();
  const here = await signedIn(userId, token);
  const now = house.clock.now();
  await inSystem(house.db, (tx) => rotateSession(tx, { id: here, userId }, { token: randomToken(), now }));
  const signOut = () => inSystem(house.db, (tx) => endLine(tx, token, now));
  expect((await signOut())?.ended).toHaveLength(1);
  expect(
    await house.sql('select id from sessions where user_id = $1 and ended_at is null', [userId]),
  ).toEqual([]);
  await signedIn(userId);
  expect((await signOut())?.ended).toEqual([]);
  expect(await inSystem(house.db, (tx) => endLine(tx, randomToken(), now))).toBeUndefined();
});

test('of two acceptances through one session the second finds it rotated, and through an ended one none counts', async () => {
  const email = 'grace@acme.example';
  const userId = await house.user('Grace', email);
  const rotatedId = await signedIn(userId);
  const accept = async (slug: string, sessionId = rotatedId) => {
    const invitationId = await house.invitation(await house.company(slug), email);
    const caller = { userId, origin: {} };
    const { renew } = renewalBy(() => undefined);
    const asking = { id: sessionId, userId, signedInWith: 'test', expiresAt: house.clock.now() };
    return (await acceptOwnInvitation(house, { caller, invitationId, renew: renew(asking) }))?.session;
  };
  const rotated = await accept('first');
  expect(rotated?.id).not.toBe(rotatedId);
  expect(await accept('second')).toBeUndefined();
  await house.sql(`update sessions set ended_at = now(), ended_because = 'revoked' where id = $1`, [
    rotated?.id,
  ]);
  await expect(accept('third', rotated?.id)).rejects.toMatchObject({ code: 'unauthenticated' });
  const members = await house.sql(
    'select slug from members join companies on company_id = id where user_id = $1 order by slug',
    [userId],
  );
  expect(members).toEqual([{ slug: 'first' }, { slug: 'second' }]);
});
