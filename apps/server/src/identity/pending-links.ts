import type { SystemTx } from '../db/scopes.ts';
import { after, minuteMs } from '../kernel/clock.ts';
import type { IdentityKey } from './identities.ts';

const lifetimeMs = 10 * minuteMs;

export type PendingLink = {
  readonly browserHash: Buffer;
  readonly key: IdentityKey;
  /** The account that holds the identity's address. */
  readonly holderId: string;
};

/** Remembers, in one browser and for ten minutes, an identity that waits for its person to sign in to the holder's account. */
export async function rememberLink(
  tx: SystemTx,
  { browserHash, key, holderId }: PendingLink,
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
      user_id: holderId,
      expires_at,
    })
    .onConflict((conflict) =>
      conflict.columns(['browser_hash', 'connection_id', 'issuer', 'subject']).doUpdateSet({ expires_at }),
    )
    .execute();
}

/** Takes the identities that wait in this browser for this very user. Each is taken once. */
export async function takeLinks(
  tx: SystemTx,
  { browserHash, userId, now }: { browserHash: Buffer; userId: string; now: Date },
): Promise<IdentityKey[]> {
  return await tx
    .deleteFrom('pending_links')
    .where('browser_hash', '=', browserHash)
    .where('user_id', '=', userId)
    .where('expires_at', '>', now)
    .returning(['connection_id as connectionId', 'issuer', 'subject'])
    .execute();
}

export async function forgetExpiredLinks(tx: SystemTx, now: Date): Promise<void> {
  await tx.deleteFrom('pending_links').where('expires_at', '<=', now).execute();
}
