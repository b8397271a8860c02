import type { SystemTx } from '../db/scopes.ts';
import type { Secret } from '../kernel/secret.ts';
import { equalInConstantTime } from '../kernel/tokens.ts';
import { lastSeal, lookBackFrom, sealOf } from './seal.ts';
import type { ChainHead } from './seal.ts';
import { canonical, coveredColumns, sealableEvents } from './sealable-events.ts';

const pageSize = 1_000;

export type Verdict =
  | { readonly outcome: 'intact'; readonly events: number; readonly head: ChainHead | undefined }
  | {
      readonly outcome: 'broken';
      /** The first seal that does not hold; absent for an event that was slipped in behind the chain. */
      readonly position?: bigint;
      readonly eventId?: string;
      readonly finding:
        'event_gone' | 'event_or_seal_changed' | 'seal_gone' | 'key_unknown' | 'event_never_sealed';
    };

/** Recomputes the chain from its beginning with the keys that sealed it, by key id. */
export async function verifySeals(
  tx: SystemTx,
  keys: ReadonlyMap<string, Secret>,
  now: Date,
): Promise<Verdict> {
  let head: ChainHead | undefined;
  for (;;) {
    const seals = await nextSeals(tx, head?.position ?? 0n);
    for (const sealed of seals) {
      const verdict = checkSeal(sealed, head, keys);
      if (verdict !== undefined) return verdict;
      head = { position: BigInt(sealed.position), seal: sealed.seal };
    }
    if (seals.length < pageSize) break;
  }
  const stray = await neverSealed(tx, now);
  if (stray !== undefined) return { outcome: 'broken', eventId: stray.id, finding: 'event_never_sealed' };
  return { outcome: 'intact', events: Number(head?.position ?? 0n), head };
}

type SealedEvent = Awaited<ReturnType<typeof nextSeals>>[number];

function checkSeal(
  sealed: SealedEvent,
  head: ChainHead | undefined,
  keys: ReadonlyMap<string, Secret>,
): Verdict | undefined {
  const position = (head?.position ?? 0n) + 1n;
  const found = { outcome: 'broken', position, eventId: sealed.eventId } as const;
  if (BigInt(sealed.position) !== position) return { outcome: 'broken', position, finding: 'seal_gone' };
  const key = keys.get(sealed.keyId);
  if (key === undefined) return { ...found, finding: 'key_unknown' };
  if (sealed.id === null) return { ...found, finding: 'event_gone' };
  const isIntact = equalInConstantTime(sealOf(key, head, canonical(sealed)), sealed.seal);
  return isIntact ? undefined : { ...found, finding: 'event_or_seal_changed' };
}

async function nextSeals(tx: SystemTx, after: bigint) {
  return await tx
    .selectFrom('audit_seals')
    .leftJoin('audit_events', (join) =>
      join
        .onRef('audit_events.at', '=', 'audit_seals.event_at')
        .onRef('audit_events.id', '=', 'audit_seals.event_id'),
    )
    .select([
      'audit_seals.position',
      'audit_seals.key_id as keyId',
      'audit_seals.seal',
      'audit_seals.event_id as eventId',
    ])
    .select(coveredColumns)
    .where('audit_seals.position', '>', String(after))
    .orderBy('audit_seals.position')
    .limit(pageSize)
    .execute();
}

/** An event that is too old to be waiting for its seal. */
async function neverSealed(tx: SystemTx, now: Date): Promise<{ id: string } | undefined> {
  const last = await lastSeal(tx);
  if (last === undefined) return undefined;
  return await sealableEvents(tx)
    .where('audit_seals.event_id', 'is', null)
    .where('audit_events.at', '<=', lookBackFrom(last.event_at, now))
    .limit(1)
    .executeTakeFirst();
}
