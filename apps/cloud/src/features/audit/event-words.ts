import type { AuditEvent } from '@gatehouse/contract';
import { en } from '../../messages/en.ts';

export const whatOf = ({ type }: AuditEvent): string => en.audit.events[type] ?? type;

export function whoOf({ actor: { kind, displayName } }: AuditEvent): string {
  if (kind !== 'user') return en.audit.actors[kind];
  return displayName ?? en.audit.actors.left;
}

const shortId = (id: string | undefined) => (id && id.length > 13 ? `${id.slice(0, 13)}…` : id);

const textIn = (event: AuditEvent, name: string): string | undefined => {
  const value = event.details[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** What it was about, by the best name there is; of an id alone, as much as tells it from others. */
export function targetOf(event: AuditEvent): string | undefined {
  return event.subject?.name ?? textIn(event, 'email') ?? textIn(event, 'name') ?? shortId(event.subject?.id);
}

const words: ReadonlyMap<string, string> = new Map(
  [en.home.companyRole, en.home.projectRole, en.home.projectStatus].flatMap((one) => Object.entries(one)),
);
const worded = (value: string | undefined) => (value === undefined ? undefined : (words.get(value) ?? value));

/** What changed, where that can be said in a few words. */
export function changeOf(event: AuditEvent): string | undefined {
  const [from, to] = [worded(textIn(event, 'from')), worded(textIn(event, 'to'))];
  if (to !== undefined) return from === undefined ? `→ ${to}` : `${from} → ${to}`;
  return worded(textIn(event, 'role'));
}

/** A fact of the event as one line; what has a structure of its own, as JSON. */
export const factText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
