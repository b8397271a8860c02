import { sql } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';
import { after, secondMs } from '../kernel/clock.ts';
import type { Secret } from '../kernel/secret.ts';
import { chainIsClosedBefore, missingEvent, nothingBefore, sealOf } from './chain.ts';
import { headsOf } from './chain-heads.ts';
import type { Newest } from './chain-heads.ts';
import { lookUpByKey } from './look-up-by-key.ts';
import { canonical, coveredColumns } from './sealable-events.ts';

/** One process seals at a time. Any number, never changed. */
const sealLock = 7_236_417;
const batchSize = 2_000;
/** Younger events wait, so that what commits in the meantime is mostly sealed in the order of time. */
const settlingMs = 2 * secondMs;

export type SealingKey = { readonly key: Secret; readonly keyId: string };

export type Sealed = {
  /** How many waited no more. */
  readonly count: number;
  /** Of these, events that were written long after the time they carry, and got no seal. */
  readonly refused: readonly string[];
};

/**
 * Seals the events that have waited longest, two thousand at most, each in the chain of its company: a seal covers its
 * event, its place in the chain and the seal before. Seals none where another process is at it.
 */
export async function sealEvents(tx: SystemTx, { key, keyId }: SealingKey, now: Date): Promise<Sealed> {
  const { rows } = await sql<{
    taken: boolean;
  }>`select pg_try_advisory_xact_lock(${sealLock}) as taken`.execute(tx);
  if (rows[0]?.taken !== true) return { count: 0, refused: [] };
  const [, waiting] = await Promise.all([lookUpByKey(tx), takeWaiting(tx, now)]);
  if (waiting.length === 0) return { count: 0, refused: [] };
  const heads = await headsOf(tx, [...new Set(waiting.map(({ chain }) => chain))]);
  const refused: string[] = [];
  const seals: NewSeal[] = [];
  for (const { chain, eventAt, eventId, exactEventAt, ...event } of waiting) {
    const head = heads.get(chain);
    if (head !== undefined && eventAt < chainIsClosedBefore(head.eventAt, now)) {
      refused.push(eventId);
      continue;
    }
    const place = { chain, position: (head?.position ?? 0n) + 1n, previous: head?.seal ?? nothingBefore };
    const seal = sealOf(key, place, event.id === null ? missingEvent : canonical(event));
    const sealed = { chain, position: place.position, seal, eventAt };
    heads.set(chain, sealed);
    seals.push({ ...sealed, eventId, exactEventAt });
  }
  await append(tx, seals, keyId);
  return { count: waiting.length, refused };
}

type NewSeal = Newest & { readonly eventId: string; readonly exactEventAt: string };

/** Takes the next from the queue, with what is to be sealed of them: nothing of an event that is gone. */
async function takeWaiting(tx: SystemTx, now: Date) {
  return await tx
    .with('taken', (query) =>
      query
        .deleteFrom('audit_unsealed')
        .where(
          // By their places in the table: one process seals at a time, so they are where they were read.
          sql<boolean>`ctid = any(array(
            select ctid from audit_unsealed where event_at <= ${after(now, -settlingMs)}
            order by event_at, event_id limit ${batchSize}
          ))`,
        )
        .returning(['audit_unsealed.event_at', 'audit_unsealed.event_id', 'audit_unsealed.chain']),
    )
    .selectFrom('taken')
    .leftJoin('audit_events', (join) =>
      join.onRef('audit_events.at', '=', 'taken.event_at').onRef('audit_events.id', '=', 'taken.event_id'),
    )
    .select(['taken.event_at as eventAt', 'taken.event_id as eventId', 'taken.chain'])
    .select(sql<string>`taken.event_at::text`.as('exactEventAt'))
    .select(coveredColumns)
    .orderBy('taken.event_at')
    .orderBy('taken.event_id')
    .execute();
}

async function append(tx: SystemTx, seals: readonly NewSeal[], keyId: string): Promise<void> {
  if (seals.length === 0) return;
  const listed = [
    sql`${seals.map(({ chain }) => chain)}::uuid[]`,
    sql`${seals.map(({ position }) => String(position))}::bigint[]`,
    sql`${seals.map(({ exactEventAt }) => exactEventAt)}::timestamptz[]`,
    sql`${seals.map(({ eventId }) => eventId)}::uuid[]`,
    sql`${seals.map(({ seal }) => seal)}::bytea[]`,
  ];
  await sql`
    insert into audit_chain_seals (chain, position, event_at, event_id, seal, key_id)
    select *, ${keyId} from unnest(${sql.join(listed)})`.execute(tx);
}
