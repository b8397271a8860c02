import type { SystemTx } from '../db/scopes.ts';
import { after, minuteMs } from '../kernel/clock.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import type { IdentityKey } from './identities.ts';

const lifetimeMs = 10 * minuteMs;

export type PendingLink = {
  readonly browserHash: Buffer;
  readonly key: IdentityKey;
  readonly address: EmailAddress;
  /** The account that holds the identity's address. */
  readonly holderId: string;
};

/** Remembers, in one browser and for ten minutes, an identity that waits for its person to sign in to the holder's account. */
export async function rememberLink(
  tx: SystemTx,
  { browserHash, key, address, holderId }: PendingLink,
  now: Date,
): Promise<void> {
  const expires_at = after(now, lifetimeMs);
  await tx
    .insertInto('pending_links')
    .values({
      browser_hash: browserHash,
      connection_id: key.connectionId,
      issuer: key.issuer,
      subject: key.subject,
      address,
      user_id: holderId,
      expires_at,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['browser_hash', 'connection_id', 'issuer', 'subject'])
        .doUpdateSet({ address, user_id: holderId, expires_at }),
    )
    .execute();
}

/** Takes the identities that wait in this browser for this very user, who still holds their address. Each is taken once. */
export async function takeLinks(
  tx: SystemTx,
  { browserHash, userId, now }: { browserHash: Buffer; userId: string; now: Date },
): Promise<(IdentityKey & { readonly address: EmailAddress })[]> {
  return await tx
    .deleteFrom('pending_links')
    .where('browser_hash', '=', browserHash)
    .where('user_id', '=', userId)
    .where('expires_at', '>', now)
    .where('address', 'in', (emails) =>
      emails.selectFrom('user_emails').select('address').where('user_id', '=', userId),
    )
    .returning(['connection_id as connectionId', 'issuer', 'subject', 'address'])
    .execute();
}

/** No identity waits in any browser for this person any more. */
export async function dropWaitingLinks(tx: SystemTx, userId: string): Promise<void> {
  await tx.deleteFrom('pending_links').where('user_id', '=', userId).execute();
}

export async function forgetExpiredLinks(tx: SystemTx, now: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('pending_links')
    .where('expires_at', '<=', now)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
