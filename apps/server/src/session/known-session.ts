import type { Clock } from '../kernel/clock.ts';
import type { SeenBook } from './seen-book.ts';
import { seenResolutionMs } from './sessions.ts';
import type { LiveSession, SessionLimits } from './sessions.ts';

/** A live session as this process knows it. */
export type KnownSession = {
  readonly session: LiveSession;
  readonly expiresAtMs: number;
  lastSeenMs: number;
  /** When `lastSeenMs` was last given to be written. */
  notedMs: number;
};

export function toKnown(session: LiveSession): KnownSession {
  const lastSeenMs = session.lastSeenAt.getTime();
  return { session, expiresAtMs: session.expiresAt.getTime(), lastSeenMs, notedMs: lastSeenMs };
}

type Marking = { readonly limits: SessionLimits; readonly clock: Clock; readonly seen: SeenBook };

/** Counts as use, and has it written now and then. */
export function openMarking({ limits, clock, seen }: Marking): (known: KnownSession) => LiveSession {
  const resolutionMs = seenResolutionMs(limits);
  return (known) => {
    const nowMs = clock.now().getTime();
    known.lastSeenMs = nowMs;
    if (nowMs - known.notedMs >= resolutionMs) {
      known.notedMs = nowMs;
      seen.note(known.session.id, nowMs);
    }
    return known.session;
  };
}
