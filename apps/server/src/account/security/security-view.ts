import type { SystemTx } from '../../db/scopes.ts';
import type { EmailAddress } from '../../kernel/email-address.ts';

/** Where mail about an account goes. */
export async function readPrimaryAddress(tx: SystemTx, userId: string): Promise<EmailAddress | undefined> {
  const found = await tx
    .selectFrom('user_emails')
    .select('address')
    .where('user_id', '=', userId)
    .where('is_primary', '=', true)
    .executeTakeFirst();
  return found?.address;
}

/** All verified addresses of an account. */
export async function readAddresses(tx: SystemTx, userId: string): Promise<EmailAddress[]> {
  const rows = await tx.selectFrom('user_emails').select('address').where('user_id', '=', userId).execute();
  return rows.map(({ address }) => address);
}

export async function readDisplayName(tx: SystemTx, userId: string): Promise<string> {
  const { display_name: name } = await tx
    .selectFrom('users')
    .select('display_name')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  return name;
}

/** An identity that leads to an account. */
export type ListedIdentity = {
  readonly id: string;
  readonly connectionId: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
};

/** The oldest first. */
export async function listIdentities(tx: SystemTx, userId: string): Promise<ListedIdentity[]> {
  return await tx
    .selectFrom('identities')
    .select(['id', 'connection_id as connectionId'])
    .select(['created_at as createdAt', 'last_seen_at as lastSeenAt'])
    .where('user_id', '=', userId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}
