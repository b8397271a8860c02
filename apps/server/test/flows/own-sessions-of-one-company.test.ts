import { expect, test } from 'vitest';
import { endOtherSessions, endOwnSession, listOwnSessions } from '../../src/account/own-sessions.ts';
import { dayMs } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { houseOfThisFile } from '../support/house.ts';

const house = await houseOfThisFile();
const deps = { db: house.db, clock: house.clock, limits: { ttlMs: dayMs } };

async function signedIn(userId: string): Promise<string> {
  const id = newId(house.clock.now());
  await house.sql(
    `insert into sessions (id, lineage_id, token_hash, user_id, connection_id, signed_in_with, created_at, expires_at, last_seen_at)
     values ($1, $1, sha256($1::uuid::text::bytea), $2, 'test', 'test', now(), now() + interval '1 day', now())`,
    [id, userId],
  );
  return id;
}

test('a session that sees one company only reads and ends none but itself', async () => {
  const companyId = await house.company('acme');
  const userId = await house.user('Ada', 'ada@acme.example');
  const [sessionId, elsewhere] = [await signedIn(userId), await signedIn(userId)];
  const asking = { userId, sessionId, companyId, origin: {} };
  const live = async () => {
    const rows = await house.sql<{ id: string }>(
      'select id from sessions where ended_at is null order by id',
    );
    return rows.map(({ id }) => id);
  };
  expect((await listOwnSessions(deps, asking)).map(({ id }) => id)).toEqual([sessionId]);
  await expect(endOwnSession(deps, asking, elsewhere)).rejects.toMatchObject({ code: 'not_found' });
  await endOtherSessions(deps, asking);
  expect(await live()).toEqual([sessionId, elsewhere].toSorted());
  await endOwnSession(deps, asking, sessionId);
  expect(await live()).toEqual([elsewhere]);
  expect(await house.events('session.ended')).toMatchObject([
    { subject_id: sessionId, actor_id: userId, reason: 'signed_out' },
  ]);
});
