import { sql } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';
import { newId } from '../kernel/ids.ts';

/** What names an identity for good. Never an e-mail address. */
export type IdentityKey = {
  readonly connectionId: string;
  readonly issuer: string;
  readonly subject: string;
};

/**
 * Lets one sign-in at a time settle for an identity, and for an address: first sign-ins in twenty tabs make one user.
 * Taken before any row but that of a company whose first admin is still to come.
 */
export async function lockIdentityAndAddress(
  tx: SystemTx,
  key: IdentityKey,
  address?: string,
): Promise<void> {
  const names = [`identity ${key.connectionId} ${key.issuer} ${key.subject}`];
  if (address !== undefined) names.push(`address ${address}`);
  await Promise.all(
    names.map((name) => sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx)),
  );
}

/** `isFirst`: it is the identity that the account began with, whose name the account bears. */
export type KnownIdentity = { readonly id: string; readonly userId: string; readonly isFirst: boolean };

export async function findIdentity(tx: SystemTx, key: IdentityKey): Promise<KnownIdentity | undefined> {
  return await tx
    .selectFrom('identities')
    .select(({ not, exists, selectFrom }) => [
      'identities.id',
      'identities.user_id as userId',
      not(
        exists(
          selectFrom('identities as older')
            .select('older.id')
            .whereRef('older.user_id', '=', 'identities.user_id')
            .whereRef('older.id', '<', 'identities.id'),
        ),
      )
        .$castTo<boolean>()
        .as('isFirst'),
    ])
    .where('connection_id', '=', key.connectionId)
    .where('issuer', '=', key.issuer)
    .where('subject', '=', key.subject)
    .executeTakeFirst();
}

export async function addIdentity(
  tx: SystemTx,
  userId: string,
  { key, now }: { key: IdentityKey; now: Date },
): Promise<string> {
  const id = newId(now);
  await tx
    .insertInto('identities')
    .values({
      id,
      connection_id: key.connectionId,
      issuer: key.issuer,
      subject: key.subject,
      user_id: userId,
      created_at: now,
      last_seen_at: now,
    })
    .execute();
  return id;
}

/** Adds an identity that waited, unless it led to somebody meanwhile. Returns whether it was added. */
export async function addWaitingIdentity(
  tx: SystemTx,
  userId: string,
  { key, now }: { key: IdentityKey; now: Date },
): Promise<boolean> {
  const added = await tx
    .insertInto('identities')
    .values({
      id: newId(now),
      connection_id: key.connectionId,
      issuer: key.issuer,
      subject: key.subject,
      user_id: userId,
      created_at: now,
      last_seen_at: now,
    })
    .onConflict((conflict) => conflict.constraint('identities_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  return added !== undefined;
}

export async function markIdentitySeen(tx: SystemTx, identityId: string, now: Date): Promise<void> {
  await tx.updateTable('identities').set({ last_seen_at: now }).where('id', '=', identityId).execute();
}

/** What names one of this person's identities. */
export async function readIdentity(
  tx: SystemTx,
  { id, userId }: { id: string; userId: string },
): Promise<IdentityKey | undefined> {
  return await tx
    .selectFrom('identities')
    .select(['connection_id as connectionId', 'issuer', 'subject'])
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirst();
}

/** It leads to nobody from now on. Returns whether it was this person's. */
export async function removeIdentity(
  tx: SystemTx,
  { id, userId }: { id: string; userId: string },
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('identities')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}
