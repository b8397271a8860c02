import type { AuditEvent } from '@gatehouse/contract';
import { en } from '../../messages/en.ts';

export const whatOf = ({ type }: AuditEvent): string => en.audit.events[type] ?? type;

export function whoOf({ actor: { kind, displayName } }: AuditEvent): string {
  if (kind !== 'user') return en.audit.actors[kind];
  return displayName ?? en.audit.actors.left;
}

const textIn = (event: AuditEvent, name: string): string | undefined => {
  const value = event.details[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** What it was about, by the best name there is. */
export function targetOf(event: AuditEvent): string | undefined {
  return event.subject?.name ?? textIn(event, 'email') ?? textIn(event, 'name') ?? event.subject?.id;
}

/** What changed, where that can be said in a few words. */
export function changeOf(event: AuditEvent): string | undefined {
  const [from, to] = [textIn(event, 'from'), textIn(event, 'to')];
  if (to !== undefined) return from === undefined ? `→ ${to}` : `${from} → ${to}`;
  return textIn(event, 'role');
}

/** A fact of the event as one line; what has a structure of its own, as JSON. */
export const factText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
