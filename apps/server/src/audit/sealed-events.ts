import { sql } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';
import { chainOfNoCompany } from './chain.ts';
import { coveredColumns } from './sealable-events.ts';

/** Where to go on in all seals, which are read chain after chain. */
export type SealCursor = { readonly chain: string; readonly position: bigint };

export type SealedEvent = Awaited<ReturnType<typeof nextSeals>>[number];

/** The seals after the cursor with their events, of one chain or of all. Where an event is gone its columns are null. */
export async function nextSeals(
  tx: SystemTx,
  { after, chain, limit }: { after: SealCursor; chain: string | undefined; limit: number },
) {
  const page = tx
    .selectFrom('audit_chain_seals')
    .selectAll()
    .where(sql<boolean>`(chain, position) > (${after.chain}::uuid, ${String(after.position)}::bigint)`)
    .where((row) => (chain === undefined ? row.lit(true) : row('chain', '=', chain)))
    .orderBy('chain')
    .orderBy('position')
    .limit(limit);
  const rows = await tx
    .selectFrom(page.as('sealed'))
    .leftJoin('audit_events', (join) =>
      join.onRef('audit_events.at', '=', 'sealed.event_at').onRef('audit_events.id', '=', 'sealed.event_id'),
    )
    .select(['sealed.chain', 'sealed.position', 'sealed.key_id as keyId', 'sealed.seal'])
    .select(['sealed.event_id as eventId', 'sealed.event_at as eventAt'])
    .select(coveredColumns)
    .orderBy('sealed.chain')
    .orderBy('sealed.position')
    .execute();
  return rows.map((row) => ({ ...row, position: BigInt(row.position) }));
}

/** Where the seal is kept that was made for an event of exactly this time, if it is another one's. */
export async function positionOfTime(
  tx: SystemTx,
  { chain, eventId }: { chain: string; eventId: string },
): Promise<{ isThere: false } | { isThere: true; position: bigint | undefined }> {
  const company = chain === chainOfNoCompany ? null : chain;
  const { rows } = await sql<{ position: string | null }>`
    select other.position from audit_events event
    left join audit_chain_seals other
      on other.chain = ${chain}::uuid and other.event_at = event.at and other.event_id <> event.id
    where event.id = ${eventId}::uuid and event.company_id is not distinct from ${company}::uuid
    limit 1`.execute(tx);
  const found = rows[0];
  if (found === undefined) return { isThere: false };
  return { isThere: true, position: found.position === null ? undefined : BigInt(found.position) };
}

export async function sealAt(tx: SystemTx, { chain, position }: SealCursor): Promise<Buffer | undefined> {
  const found = await tx
    .selectFrom('audit_chain_seals')
    .select('seal')
    .where('chain', '=', chain)
    .where('position', '=', String(position))
    .executeTakeFirst();
  return found?.seal;
}

/** Where to go on in all events, which are read in the order of time. */
export type EventCursor = { readonly exactAt: string; readonly id: string };

/** The events after the cursor, of one chain or of all, and whether each has its seal or waits for it. */
export async function nextEvents(
  tx: SystemTx,
  { after, chain, limit }: { after: EventCursor; chain: string | undefined; limit: number },
) {
  const company = chain === chainOfNoCompany ? null : chain;
  const { rows } = await sql<{
    id: string;
    at: Date;
    exactAt: string;
    chain: string;
    isSealed: boolean;
    isWaiting: boolean;
  }>`
    select event.id, event.at, event.at::text as "exactAt", coalesce(event.company_id, ${chainOfNoCompany}) as chain,
      seal.event_id is not null as "isSealed", waiting.event_id is not null as "isWaiting"
    from (
      select id, at, company_id from audit_events
      where at >= ${after.exactAt}::timestamptz and (at, id) > (${after.exactAt}::timestamptz, ${after.id}::uuid)
        and (${chain === undefined} or company_id is not distinct from ${company ?? null}::uuid)
      order by at, id limit ${limit}
    ) as event
    left join audit_chain_seals seal on seal.event_id = event.id
    left join audit_unsealed waiting on waiting.event_at = event.at and waiting.event_id = event.id
    order by event.at, event.id`.execute(tx);
  return rows;
}

/** Events that wait for their seal and are gone. */
export async function goneWhileWaiting(tx: SystemTx, chain: string | undefined) {
  return await tx
    .selectFrom('audit_unsealed')
    .leftJoin('audit_events', (join) =>
      join
        .onRef('audit_events.at', '=', 'audit_unsealed.event_at')
        .onRef('audit_events.id', '=', 'audit_unsealed.event_id'),
    )
    .select(['audit_unsealed.event_id as eventId', 'audit_unsealed.event_at as at', 'audit_unsealed.chain'])
    .where('audit_events.id', 'is', null)
    .where((row) => (chain === undefined ? row.lit(true) : row('audit_unsealed.chain', '=', chain)))
    .limit(100)
    .execute();
}
