import type { SystemTx } from '../db/scopes.ts';
import type { Row } from '../db/tables.ts';
import { after, dayMs, minuteMs } from '../kernel/clock.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import { newId } from '../kernel/ids.ts';

type Kind = Row<'one_time_links'>['kind'];

const lifetimeMs: Readonly<Record<Kind, number>> = { registration: dayMs, password_reset: 60 * minuteMs };
/** Of one kind, for one mailbox, in the time that one of them lives: whoever asks more often fills somebody's mailbox. */
const mostPerLifetime = 5;
const keptMs = 2 * dayMs;
const batchSize = 500;

export type NewLink = {
  readonly kind: Kind;
  readonly address: EmailAddress;
  readonly browserHash?: Buffer;
  readonly passwordHash?: string;
  readonly displayName?: string;
};

/**
 * Makes a link, which takes the place of the one before it. A mailbox that had its links gets no other for a while, and
 * keeps the newest: a stranger who asks shall not keep its owner from a reset for a day. The
 * caller holds the address.
 */
export async function beginLink(
  tx: SystemTx,
  { kind, address, browserHash, passwordHash, displayName }: NewLink,
  now: Date,
): Promise<{ readonly id: string; readonly expiresAt: Date; readonly isTooMany: boolean }> {
  const id = newId(now);
  const expiresAt = after(now, lifetimeMs[kind]);
  const { count } = await tx
    .selectFrom('one_time_links')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('address', '=', address)
    .where('kind', '=', kind)
    .where('created_at', '>', after(now, -lifetimeMs[kind]))
    .executeTakeFirstOrThrow();
  if (Number(count) >= mostPerLifetime) return { id, expiresAt, isTooMany: true };
  await endLinks(tx, { addresses: [address], kind }, now);
  await tx
    .insertInto('one_time_links')
    .values({
      id,
      kind,
      address,
      browser_hash: browserHash ?? null,
      password_hash: passwordHash ?? null,
      display_name: displayName ?? null,
      created_at: now,
      expires_at: expiresAt,
    })
    .execute();
  return { id, expiresAt, isTooMany: false };
}

/** A link that may still be used. */
export type OpenLink = {
  readonly address: EmailAddress;
  readonly browserHash: Buffer | null;
  readonly passwordHash: string | null;
  readonly displayName: string | null;
};

export async function findLink(
  tx: SystemTx,
  { id, kind }: { id: string; kind: Kind },
  now: Date,
): Promise<OpenLink | undefined> {
  return await tx
    .selectFrom('one_time_links')
    .select(['address', 'browser_hash as browserHash'])
    .select(['password_hash as passwordHash', 'display_name as displayName'])
    .where('id', '=', id)
    .where('kind', '=', kind)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
}

/** Of any number at once one uses it. What was chosen with it is kept no longer. */
export async function useLink(
  tx: SystemTx,
  { id, kind }: { id: string; kind: Kind },
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('one_time_links')
    .set({ used_at: now, password_hash: null })
    .where('id', '=', id)
    .where('kind', '=', kind)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * Whoever waits with a link to one of these mailboxes waits in vain, and what they chose with it is gone: its owner has
 * shown themselves, or a newer link was sent.
 */
export async function endLinks(
  tx: SystemTx,
  { addresses, kind }: { addresses: readonly EmailAddress[]; kind?: Kind },
  now: Date,
): Promise<void> {
  if (addresses.length === 0) return;
  await tx
    .updateTable('one_time_links')
    .set({ used_at: now, password_hash: null })
    .where('address', 'in', addresses)
    .where((row) => (kind === undefined ? row.lit(true) : row('kind', '=', kind)))
    .where('used_at', 'is', null)
    .execute();
}

/** Deletes links that count for nothing any more, five hundred at most. */
export async function forgetLinks(tx: SystemTx, now: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('one_time_links')
    .where('id', 'in', (old) =>
      old
        .selectFrom('one_time_links')
        .select('id')
        .where('created_at', '<', after(now, -keptMs))
        .limit(batchSize),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
