import type { SystemTx } from '../db/scopes.ts';
import type { EmailAddress } from '../kernel/email-address.ts';

/** What stands behind an address at a sign-in by password. */
export type PasswordHolder = {
  readonly userId: string;
  /** Absent where the account has no password. */
  readonly hash?: string;
  /** Whether somebody signed in to the account in this browser before. */
  readonly isKnownBrowser: boolean;
};

/** Whose an address is, their password, and what is known of the browser; one statement, whoever it is. */
export async function findPasswordHolder(
  tx: SystemTx,
  { address, browserHash }: { address: EmailAddress; browserHash: Buffer },
): Promise<PasswordHolder | undefined> {
  const found = await tx
    .selectFrom('user_emails')
    .leftJoin('passwords', 'passwords.user_id', 'user_emails.user_id')
    .leftJoin('known_browsers', (join) =>
      join
        .onRef('known_browsers.user_id', '=', 'user_emails.user_id')
        .on('known_browsers.browser_hash', '=', browserHash),
    )
    .select(['user_emails.user_id as userId', 'passwords.hash', 'known_browsers.seen_at as seenAt'])
    .where('user_emails.address', '=', address)
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const { userId, hash, seenAt } = found;
  return { userId, isKnownBrowser: seenAt !== null, ...(hash !== null && { hash }) };
}

export type OwnPassword = { readonly hash: string; readonly setAt: Date };

export async function readPassword(tx: SystemTx, userId: string): Promise<OwnPassword | undefined> {
  return await tx
    .selectFrom('passwords')
    .select(['hash', 'set_at as setAt'])
    .where('user_id', '=', userId)
    .executeTakeFirst();
}

/** The account has this password from now on, whatever it had before. Who changes it ends what the old one began. */
export async function setPassword(
  tx: SystemTx,
  { userId, hash }: { userId: string; hash: string },
  now: Date,
): Promise<void> {
  await tx
    .insertInto('passwords')
    .values({ user_id: userId, hash, set_at: now })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ hash, set_at: now }))
    .execute();
}

/** The same password under another hash; nothing where it is another password by now. */
export async function rehashPassword(
  tx: SystemTx,
  { userId, from, to }: { userId: string; from: string; to: string },
): Promise<void> {
  await tx
    .updateTable('passwords')
    .set({ hash: to })
    .where('user_id', '=', userId)
    .where('hash', '=', from)
    .execute();
}
