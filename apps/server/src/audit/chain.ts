import type { Secret } from '../kernel/secret.ts';
import { mac } from '../kernel/tokens.ts';
import { after, minuteMs } from '../kernel/clock.ts';

/** What happened outside of all companies has a chain of its own. */
export const chainOfNoCompany = '00000000-0000-0000-0000-000000000000';

/** The end of a chain. Kept outside the database it also proves that nothing was cut off. */
export type ChainHead = { readonly chain: string; readonly position: bigint; readonly seal: Buffer };

/** Where a seal comes: at which position of which chain, after which seal. */
export type SealPlace = { readonly chain: string; readonly position: bigint; readonly previous: Buffer };

/** The first seal of a chain comes after this. */
export const nothingBefore = Buffer.alloc(0);

/** The seal of an event, spelt as `canonical` does, in its place. */
export function sealOf(key: Secret, { chain, position, previous }: SealPlace, event: string): Buffer {
  return mac(key.reveal(), 'cloud/audit-seal/v2', [previous, chain, String(position), event]);
}

/** The seal of an event that was taken away while it waited: nothing can be put in its place. */
export const missingEvent = 'missing';

/** How far behind the newest of its chain an event may be sealed: more than any transaction and any clock is late. */
const lateCommitMs = 10 * minuteMs;

/**
 * What happened before this does not come to a chain any more: it was slipped in. The newest event may be one that a
 * process with its clock ahead wrote, which says nothing of the time between now and then.
 */
export function chainIsClosedBefore(newestSealed: Date, now: Date): Date {
  return after(newestSealed < now ? newestSealed : now, -lateCommitMs);
}
