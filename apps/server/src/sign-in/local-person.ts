import { recordEvent } from '../audit/index.ts';
import { claimFirstAdmin, ensureCompany } from '../control-plane/index.ts';
import type { Database, SystemTx } from '../db/scopes.ts';
import { enterCompany, inSystem } from '../db/scopes.ts';
import { addIdentity, createUser, findIdentity, lockIdentityAndAddress } from '../identity/index.ts';
import { after, dayMs } from '../kernel/clock.ts';
import type { LiveSession } from '../session/index.ts';

const key = { connectionId: 'local', issuer: 'urn:gatehouse:local', subject: 'local' } as const;

/** Where nobody signs in: one company named Personal, whose only user is its admin. Safe to run at every start. */
export async function ensureLocalPerson(tx: SystemTx, now: Date): Promise<void> {
  await lockIdentityAndAddress(tx, key);
  if ((await findIdentity(tx, key)) !== undefined) return;
  const { companyId, changes } = await ensureCompany(tx, { slug: 'personal', name: 'Personal' }, now);
  const { id: userId } = await createUser(tx, 'You', now);
  await addIdentity(tx, userId, { key, now });
  const claim = await enterCompany(tx, companyId, (scoped) =>
    claimFirstAdmin(scoped, { companyId, userId }, now),
  );
  if (claim.outcome === 'too_late')
    throw new Error('the company Personal has an admin who is not the local person');
  const actor = { kind: 'system' } as const;
  for (const change of [...changes, ...claim.changes]) await recordEvent(tx, { ...change, actor }, now);
}

/** What stands for a session where nobody signs in. */
export async function localSession(db: Database, now: Date): Promise<LiveSession> {
  const identity = await inSystem(db, (tx) => findIdentity(tx, key));
  if (identity === undefined) throw new Error('the local person is missing');
  const { userId } = identity;
  const expiresAt = after(now, dayMs);
  return {
    id: userId,
    kind: 'cookie',
    lineageId: userId,
    userId,
    connectionId: 'local',
    signedInWith: 'local',
    expiresAt,
    provedAt: now,
    lastSeenAt: now,
  };
}
