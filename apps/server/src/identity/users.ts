import type { SystemTx } from '../db/scopes.ts';
import type { Row } from '../db/tables.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import { newId } from '../kernel/ids.ts';

export type User = {
  readonly id: string;
  readonly displayName: string;
  readonly status: Row<'users'>['status'];
};

/** Reads the user and keeps the row from being disabled until the transaction ends. */
export async function readUser(tx: SystemTx, userId: string): Promise<User> {
  return await tx
    .selectFrom('users')
    .select(['id', 'display_name as displayName', 'status'])
    .where('id', '=', userId)
    .forShare()
    .executeTakeFirstOrThrow();
}

export async function createUser(tx: SystemTx, displayName: string, now: Date): Promise<User> {
  const user = { id: newId(now), displayName, status: 'active' as const };
  await tx
    .insertInto('users')
    .values({ id: user.id, display_name: displayName, status: user.status, created_at: now })
    .execute();
  return user;
}

export async function renameUser(tx: SystemTx, userId: string, displayName: string): Promise<void> {
  await tx.updateTable('users').set({ display_name: displayName }).where('id', '=', userId).execute();
}

export async function findHolder(tx: SystemTx, address: EmailAddress): Promise<string | undefined> {
  const found = await tx
    .selectFrom('user_emails')
    .select('user_id')
    .where('address', '=', address)
    .executeTakeFirst();
  return found?.user_id;
}

/** The user's verified addresses, the primary one first. */
export async function verifiedAddresses(tx: SystemTx, userId: string): Promise<EmailAddress[]> {
  const rows = await tx
    .selectFrom('user_emails')
    .select('address')
    .where('user_id', '=', userId)
    .orderBy('is_primary', 'desc')
    .orderBy('address')
    .execute();
  return rows.map((row) => row.address);
}

export type Adoption = {
  readonly userId: string;
  readonly address: EmailAddress;
  readonly identityId: string;
  readonly now: Date;
};

/**
 * Gives a verified address that nobody holds to a user. The address that the same identity vouched for before goes:
 * the provider no longer says that it is theirs. Returns whether one went.
 */
export async function adoptAddress(
  tx: SystemTx,
  { userId, address, identityId, now }: Adoption,
): Promise<boolean> {
  const released = await tx
    .deleteFrom('user_emails')
    .where('user_id', '=', userId)
    .where('identity_id', '=', identityId)
    .returning('address')
    .execute();
  const primary = await tx
    .selectFrom('user_emails')
    .select('address')
    .where('user_id', '=', userId)
    .where('is_primary', '=', true)
    .executeTakeFirst();
  await tx
    .insertInto('user_emails')
    .values({
      address,
      user_id: userId,
      is_primary: primary === undefined,
      identity_id: identityId,
      verified_at: now,
    })
    .execute();
  return released.length > 0;
}
