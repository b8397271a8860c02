import type { Clock } from '../kernel/clock.ts';
import type { Secret } from '../kernel/secret.ts';
import { fingerprint } from '../kernel/tokens.ts';
import type { SeenBook } from './seen-book.ts';
import { openSessionToken } from './session-token.ts';
import { isIdle, seenResolutionMs } from './sessions.ts';
import type { LiveSession, SessionLimits } from './sessions.ts';

/** A live session as this process knows it. */
export type KnownSession = {
  readonly session: LiveSession;
  readonly expiresAtMs: number;
  lastSeenMs: number;
  /** When `lastSeenMs` was last given to be written. */
  notedMs: number;
};

/** Where known sessions are kept; `read` is expected to ask once for all who want the same at the same time. */
type Cache = {
  peek(key: string): KnownSession | undefined;
  read(key: string, load: () => Promise<KnownSession | undefined>): Promise<KnownSession | undefined>;
};

export type SessionCheckDeps = {
  readonly cache: Cache;
  readonly secrets: readonly Secret[];
  readonly limits: SessionLimits;
  readonly clock: Clock;
  readonly seen: SeenBook;
  readonly find: (token: string) => Promise<LiveSession | undefined>;
};

/** Answers at once where the session is known, with a promise where the database must be asked. */
export type SessionCheck = (cookie: string) => LiveSession | undefined | Promise<LiveSession | undefined>;

/** Reads the session cookie. Known ones are kept by a fingerprint of the cookie, whose seal has then been checked. */
export function openSessionCheck(deps: SessionCheckDeps): SessionCheck {
  const { cache, limits, clock, seen } = deps;
  const resolutionMs = seenResolutionMs(limits);

  function use(known: KnownSession, nowMs: number): LiveSession {
    known.lastSeenMs = nowMs;
    if (nowMs - known.notedMs >= resolutionMs) {
      known.notedMs = nowMs;
      seen.note(known.session.id, nowMs);
    }
    return known.session;
  }
  async function ask(cookie: string, key: string): Promise<LiveSession | undefined> {
    const token = openSessionToken(cookie, deps.secrets);
    if (token === undefined) return undefined;
    const known = await cache.read(key, async () => {
      const session = await deps.find(token);
      return session && toKnown(session);
    });
    return known && use(known, clock.now().getTime());
  }
  async function askWhetherIdle(cookie: string, known: KnownSession): Promise<LiveSession | undefined> {
    const token = openSessionToken(cookie, deps.secrets);
    const session = token === undefined ? undefined : await deps.find(token);
    if (session === undefined) return undefined;
    known.notedMs = session.lastSeenAt.getTime();
    return use(known, clock.now().getTime());
  }
  return (cookie) => {
    const key = fingerprint(cookie);
    const known = cache.peek(key);
    if (known === undefined) return ask(cookie, key);
    const nowMs = clock.now().getTime();
    if (known.expiresAtMs <= nowMs) return undefined;
    // Another process may have seen it since.
    if (isIdle(known.lastSeenMs, limits, nowMs)) return askWhetherIdle(cookie, known);
    return use(known, nowMs);
  };
}

function toKnown(session: LiveSession): KnownSession {
  const lastSeenMs = session.lastSeenAt.getTime();
  return { session, expiresAtMs: session.expiresAt.getTime(), lastSeenMs, notedMs: lastSeenMs };
}
