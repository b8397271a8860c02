import type { IncomingHttpHeaders } from 'node:http';
import type { Ask } from './exchange.ts';

export type RequestKind =
  | 'authorize'
  | 'choose'
  | 'token'
  | 'userinfo'
  | 'discovery'
  | 'jwks'
  | 'user'
  | 'emails'
  | 'mail_connection'
  | 'mail_recipient'
  | 'mail_message'
  | 'page'
  | 'unknown';

/** One request as it arrived, secrets included: it is for assertions, not for logs. */
export type JournalEntry = {
  readonly at: Date;
  readonly kind: RequestKind;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
};

export type Journal = {
  /** The last thousand, oldest first. */
  readonly entries: () => readonly JournalEntry[];
  /** Since the start or the last `clear()`, beyond the last thousand too. */
  readonly count: (kind: RequestKind) => number;
  readonly last: (kind: RequestKind) => JournalEntry | undefined;
  readonly clear: () => void;
};

const KEPT = 1000;

export function createJournal(now: () => Date): Journal & { record(kind: RequestKind, ask: Ask): void } {
  let entries: JournalEntry[] = [];
  const counts = new Map<RequestKind, number>();
  return {
    entries: () => entries,
    count: (kind) => counts.get(kind) ?? 0,
    last: (kind) => entries.findLast((entry) => entry.kind === kind),
    clear: () => {
      entries = [];
      counts.clear();
    },
    record: (kind, { method, path, query, headers, form }) => {
      entries = [...entries.slice(1 - KEPT), { at: now(), kind, method, path, query, headers, form }];
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    },
  };
}
