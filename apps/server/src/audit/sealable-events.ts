import { sql } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';

/** Events with their seals, if any: everything that a seal covers, as text that the database spells in one way. */
export function sealableEvents(tx: SystemTx) {
  return tx
    .selectFrom('audit_events')
    .leftJoin('audit_seals', 'audit_seals.event_id', 'audit_events.id')
    .select(coveredColumns);
}

export const coveredColumns = [
  'audit_events.id',
  'audit_events.at',
  // To the microsecond, which a Date does not hold.
  sql<string>`(extract(epoch from audit_events.at) * 1000000)::bigint::text`.as('atMicroseconds'),
  'audit_events.type',
  'audit_events.result',
  'audit_events.actor_kind',
  'audit_events.actor_id',
  'audit_events.company_id',
  'audit_events.subject_id',
  'audit_events.reference',
  'audit_events.address',
  'audit_events.user_agent',
  'audit_events.reason',
  sql<string>`audit_events.details::text`.as('detailsText'),
] as const;

type SealableEvent = Awaited<ReturnType<ReturnType<typeof sealableEvents>['executeTakeFirstOrThrow']>>;
type CoveredEvent = { readonly [Column in keyof SealableEvent]: SealableEvent[Column] | null };

/** The one spelling of an event. A column that is added to events joins it under a new version of the seal's purpose. */
export function canonical(event: CoveredEvent): string {
  const { id, atMicroseconds, type, result, detailsText, reference, address, reason } = event;
  const who = [event.actor_kind, event.actor_id, event.company_id, event.subject_id];
  return JSON.stringify([
    id,
    atMicroseconds,
    type,
    result,
    ...who,
    reference,
    address,
    event.user_agent,
    reason,
    detailsText,
  ]);
}
