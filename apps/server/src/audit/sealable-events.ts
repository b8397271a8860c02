import { sql } from 'kysely';
import type { Row } from '../db/tables.ts';

/** Everything that a seal covers, as text that the database spells in one way. */
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

type CoveredEvent = Omit<Row<'audit_events'>, 'details'> & {
  readonly atMicroseconds: string;
  readonly detailsText: string;
};
/** Each column may be missing where the event is. */
type PossiblyMissing = { readonly [Column in keyof CoveredEvent]: CoveredEvent[Column] | null };

/** The one spelling of an event. A column that is added to events joins it under a new version of the seal's purpose. */
export function canonical(event: PossiblyMissing): string {
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
