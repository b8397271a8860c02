import { sql } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';
import { conflictWith } from '../db/storage-errors.ts';
import type { Row } from '../db/tables.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import { newId } from '../kernel/ids.ts';

export type User = {
  readonly id: string;
  readonly displayName: string;
  readonly status: Row<'users'>['status'];
};

/** Reads the user and lets one sign-in at a time settle for them; nobody disables them until the transaction ends. */
export async function readUser(tx: SystemTx, userId: string): Promise<User> {
  return await tx
    .selectFrom('users')
    .select(['id', 'display_name as displayName', 'status'])
    .where('id', '=', userId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow(() => conflictWith('the account became another one’s meanwhile'));
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

/** Who holds an address, and whether they sign in with any identity of this connection. */
export type Holder = { readonly userId: string; readonly hasOtherIdentityHere: boolean };

export async function findHolder(
  tx: SystemTx,
  address: EmailAddress,
  connectionId: string,
): Promise<Holder | undefined> {
  return await tx
    .selectFrom('user_emails')
    .select(({ exists, selectFrom }) => [
      'user_emails.user_id as userId',
      exists(
        selectFrom('identities')
          .select('identities.id')
          .whereRef('identities.user_id', '=', 'user_emails.user_id')
          .where('connection_id', '=', connectionId),
      )
        .$castTo<boolean>()
        .as('hasOtherIdentityHere'),
    ])
    .where('address', '=', address)
    .executeTakeFirst();
}

/** Whose a verified address is. */
export async function findHolderOf(tx: SystemTx, address: EmailAddress): Promise<User | undefined> {
  return await tx
    .selectFrom('user_emails')
    .innerJoin('users', 'users.id', 'user_emails.user_id')
    .select(['users.id', 'users.display_name as displayName', 'users.status'])
    .where('address', '=', address)
    .executeTakeFirst();
}

export type Adoption = {
  readonly userId: string;
  readonly address: EmailAddress;
  /** Absent where the person proved the mailbox. */
  readonly identityId?: string;
  readonly now: Date;
};

/** Gives a verified address that nobody holds to a user. */
export async function adoptAddress(
  tx: SystemTx,
  { userId, address, identityId, now }: Adoption,
): Promise<void> {
  await tx
    .insertInto('user_emails')
    .values({
      address,
      user_id: userId,
      is_primary: false,
      identity_id: identityId ?? null,
      verified_at: now,
    })
    .execute();
  await ensurePrimary(tx, userId);
}

/**
 * Takes from a user the addresses that this identity vouched for, but for the one it names now: the provider no
 * longer says that they are theirs. Returns whether there were any.
 */
export async function releaseAddresses(
  tx: SystemTx,
  { userId, identityId, butFor }: { userId: string; identityId: string; butFor: EmailAddress },
): Promise<boolean> {
  const released = await tx
    .deleteFrom('user_emails')
    .where('user_id', '=', userId)
    .where('identity_id', '=', identityId)
    .where('address', '!=', butFor)
    .returning('address')
    .execute();
  if (released.length > 0) await ensurePrimary(tx, userId);
  return released.length > 0;
}

/** Takes a contested address from whoever holds it. Their account, identities and roles stay as they are. */
export async function releaseContested(tx: SystemTx, userId: string, address: EmailAddress): Promise<void> {
  await tx.deleteFrom('user_emails').where('user_id', '=', userId).where('address', '=', address).execute();
  await ensurePrimary(tx, userId);
}

/** The verified addresses of an account, the primary one first. */
export async function addressesOf(tx: SystemTx, userId: string): Promise<EmailAddress[]> {
  const rows = await tx
    .selectFrom('user_emails')
    .select('address')
    .where('user_id', '=', userId)
    .orderBy('is_primary', 'desc')
    .orderBy('address')
    .execute();
  return rows.map(({ address }) => address);
}

/** Makes everything that leads to an account that has nothing of its own lead to its heir. The account goes. */
export async function mergeEmptyUser(
  tx: SystemTx,
  { userId, heirId }: { userId: string; heirId: string },
): Promise<void> {
  await sql`select merge_empty_user(${userId}, ${heirId})`.execute(tx);
}

async function ensurePrimary(tx: SystemTx, userId: string): Promise<void> {
  const [first, ...others] = await tx
    .selectFrom('user_emails')
    .select(['address', 'is_primary'])
    .where('user_id', '=', userId)
    .orderBy('is_primary', 'desc')
    .orderBy('verified_at')
    .orderBy('address')
    .execute();
  if (first === undefined || [first, ...others].some((row) => row.is_primary)) return;
  await tx
    .updateTable('user_emails')
    .set({ is_primary: true })
    .where('address', '=', first.address)
    .execute();
}
