import { sql } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';
import { after, minuteMs, secondMs } from '../kernel/clock.ts';
import type { Secret } from '../kernel/secret.ts';
import { mac } from '../kernel/tokens.ts';
import { canonical, sealableEvents } from './sealable-events.ts';

/** One process seals at a time. Any number, never changed. */
const sealLock = 7_236_416;
const batchSize = 1_000;
/** Younger events wait, so that what commits in the meantime is mostly sealed in the order of time. */
const settlingMs = 2 * secondMs;
/**
 * How far behind the newest seal an event may still turn up unsealed: longer than any transaction lives. Within it
 * every event that has no seal is looked for, so one that committed late is sealed late and never slips through.
 */
const lateCommitMs = 10 * minuteMs;

export type SealingKey = { readonly key: Secret; readonly keyId: string };

/** The end of the chain. Kept outside the database it also proves that no seal was cut off. */
export type ChainHead = { readonly position: bigint; readonly seal: Buffer };

/**
 * Seals the next events, a thousand at most: each seal covers its event, its position and the seal before. Returns how
 * many were sealed, none where another process is at it, and the end of the chain.
 */
export async function sealEvents(
  tx: SystemTx,
  { key, keyId }: SealingKey,
  now: Date,
): Promise<{ sealed: number; head: ChainHead | undefined }> {
  const { rows } = await sql<{
    taken: boolean;
  }>`select pg_try_advisory_xact_lock(${sealLock}) as taken`.execute(tx);
  const last = await lastSeal(tx);
  let head: ChainHead | undefined = last && { position: BigInt(last.position), seal: last.seal };
  if (rows[0]?.taken !== true) return { sealed: 0, head };
  const since = last && lookBackFrom(last.event_at, now);
  const events = await sealableEvents(tx)
    .where('audit_events.at', '<=', after(now, -settlingMs))
    .where((event) => (since === undefined ? event.lit(true) : event('audit_events.at', '>', since)))
    .where('audit_seals.event_id', 'is', null)
    .orderBy('audit_events.at')
    .orderBy('audit_events.id')
    .limit(batchSize)
    .execute();
  if (events.length === 0) return { sealed: 0, head };
  const seals = events.map((event) => {
    const next = { position: (head?.position ?? 0n) + 1n, seal: sealOf(key, head, canonical(event)) };
    head = next;
    return {
      position: String(next.position),
      event_at: event.at,
      event_id: event.id,
      key_id: keyId,
      seal: next.seal,
    };
  });
  await tx.insertInto('audit_seals').values(seals).execute();
  return { sealed: seals.length, head };
}

/**
 * Before this every event has its seal. The newest seal may be of an event that a process with its clock ahead wrote,
 * which says nothing of the time between now and then.
 */
export function lookBackFrom(newestSealed: Date, now: Date): Date {
  return after(newestSealed < now ? newestSealed : now, -lateCommitMs);
}

/** What the seal after `previous` must be. */
export function sealOf(key: Secret, previous: ChainHead | undefined, event: string): Buffer {
  const position = String((previous?.position ?? 0n) + 1n);
  return mac(key.reveal(), 'cloud/audit-seal/v1', [previous?.seal ?? '', position, event]);
}

export async function lastSeal(tx: SystemTx) {
  return await tx
    .selectFrom('audit_seals')
    .selectAll()
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
}
