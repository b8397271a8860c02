import { sql } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';
import { after, dayMs, minuteMs, secondMs } from '../kernel/clock.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import { newId } from '../kernel/ids.ts';

const lifetimeMs = 10 * minuteMs;
const mostTries = 5;
/** Codes a day for one mailbox, and for one person. */
const mostPerDay = 5;

/** Who proves a mailbox, in which browser. */
type Prover = { readonly userId: string; readonly lineageId: string };

export type EmailProof = { readonly id: string; readonly address: EmailAddress; readonly expiresAt: Date };

/** One at a time has to do with an address: as sign-ins do that bring it. */
export async function lockAddress(tx: SystemTx, address: EmailAddress): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`address ${address}`}, 0))`.execute(tx);
}

/** Begins a proof, unless mailbox or person had their codes for today. The caller holds the address. */
export async function beginEmailProof(
  tx: SystemTx,
  { userId, lineageId, address }: Prover & { address: EmailAddress },
  now: Date,
): Promise<
  | { readonly outcome: 'begun'; readonly proof: EmailProof }
  | { readonly outcome: 'too_many'; readonly retryAfterSeconds: number }
> {
  const since = after(now, -dayMs);
  const ofToday = tx.selectFrom('email_proofs').select('created_at').where('created_at', '>', since);
  const [ofMailbox, ofPerson] = await Promise.all([
    ofToday.where('address', '=', address).orderBy('created_at', 'desc').limit(mostPerDay).execute(),
    ofToday.where('user_id', '=', userId).orderBy('created_at', 'desc').limit(mostPerDay).execute(),
  ]);
  const full = [ofMailbox, ofPerson].filter((codes) => codes.length >= mostPerDay);
  const frees = full.map((codes) => codes.at(-1)?.created_at.getTime() ?? 0).map((atMs) => atMs + dayMs);
  if (frees.length > 0) {
    return { outcome: 'too_many', retryAfterSeconds: (Math.max(...frees) - now.getTime()) / secondMs };
  }
  const proof = { id: newId(now), address, expiresAt: after(now, lifetimeMs) };
  await tx
    .insertInto('email_proofs')
    .values({
      id: proof.id,
      user_id: userId,
      session_lineage_id: lineageId,
      address,
      created_at: now,
      expires_at: proof.expiresAt,
      tries: 0,
    })
    .execute();
  return { outcome: 'begun', proof };
}

/** Counts one try of a code; undefined where there is nothing to try: another browser, too late, too often, used. */
export async function tryEmailProof(
  tx: SystemTx,
  { id, userId, lineageId }: Prover & { id: string },
  now: Date,
): Promise<EmailAddress | undefined> {
  const tried = await tx
    .updateTable('email_proofs')
    .set((row) => ({ tries: row('tries', '+', 1) }))
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where('session_lineage_id', '=', lineageId)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .where('tries', '<', mostTries)
    .returning('address')
    .executeTakeFirst();
  return tried?.address;
}

/** Uses a proof whose code fits, and with it every other that waits for the same. Of many at once one uses it. */
export async function useEmailProof(
  tx: SystemTx,
  { id, userId, address }: { id: string; userId: string; address: EmailAddress },
  now: Date,
): Promise<boolean> {
  const used = await tx
    .updateTable('email_proofs')
    .set({ used_at: now })
    .where('user_id', '=', userId)
    .where('address', '=', address)
    .where('used_at', 'is', null)
    .returning('id')
    .execute();
  return used.some((proof) => proof.id === id);
}

/** No code that was sent for this person proves a mailbox any more. */
export async function endEmailProofs(tx: SystemTx, userId: string, now: Date): Promise<void> {
  await tx
    .updateTable('email_proofs')
    .set({ used_at: now })
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .execute();
}

/** Deletes proofs that count for nothing any more. */
export async function forgetEmailProofs(tx: SystemTx, now: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('email_proofs')
    .where('created_at', '<=', after(now, -dayMs))
    .executeTakeFirst();
  return Number(numDeletedRows);
}
