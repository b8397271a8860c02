import type { CompanyTx, SystemTx } from '../db/scopes.ts';
import { newId } from '../kernel/ids.ts';
import type { Json } from '../kernel/json.ts';
import type { AuditEventType } from './events.ts';

export type Actor =
  { readonly kind: 'user'; readonly userId: string } | { readonly kind: 'system' | 'nobody' };

/** Where a request came from, as far as it is known. */
export type Origin = { readonly address?: string; readonly userAgent?: string };

export type AuditEvent = {
  readonly type: AuditEventType;
  /** `succeeded` unless said. */
  readonly result?: 'succeeded' | 'refused';
  readonly actor: Actor;
  readonly companyId?: string;
  /** The id of what was acted upon. */
  readonly subjectId?: string;
  /** Leads to the trace of a sign-in. */
  readonly reference?: string;
  /** The code or finding behind a refusal. */
  readonly reason?: string;
  readonly origin?: Origin;
  readonly details?: Readonly<Record<string, Json>>;
};

const maxUserAgentLength = 400;

/** Appends one event in the transaction of the change it tells of. In a company's scope it must name that company. */
export async function recordEvent(tx: SystemTx | CompanyTx, event: AuditEvent, at: Date): Promise<void> {
  await tx
    .insertInto('audit_events')
    .values({
      id: newId(at),
      at,
      type: event.type,
      result: event.result ?? 'succeeded',
      actor_kind: event.actor.kind,
      actor_id: event.actor.kind === 'user' ? event.actor.userId : null,
      company_id: event.companyId ?? null,
      subject_id: event.subjectId ?? null,
      reference: event.reference ?? null,
      address: event.origin?.address ?? null,
      user_agent: event.origin?.userAgent?.slice(0, maxUserAgentLength) ?? null,
      reason: event.reason ?? null,
      details: JSON.stringify(event.details ?? {}),
    })
    .execute();
}
