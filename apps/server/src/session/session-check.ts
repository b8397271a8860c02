import type { Clock } from '../kernel/clock.ts';
import { andThen } from '../kernel/maybe-later.ts';
import type { MaybeLater } from '../kernel/maybe-later.ts';
import type { Secret } from '../kernel/secret.ts';
import { fingerprint } from '../kernel/tokens.ts';
import { openMarking, toKnown } from './known-session.ts';
import type { KnownSession } from './known-session.ts';
import type { SeenBook } from './seen-book.ts';
import { openSessionToken } from './session-token.ts';
import { isIdle } from './sessions.ts';
import type { LiveSession, SessionLimits } from './sessions.ts';

/** Where known sessions are kept; `read` is expected to ask once for all who want the same at the same time. */
type Cache = {
  peek(key: string): KnownSession | undefined;
  drop(key: string): void;
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

export type SessionCheck = {
  /** Whose cookie it is. Counts as use. Answers at once where the session is known. */
  use(cookie: string): MaybeLater<LiveSession | undefined>;
  /** The same where it is known and certain; asks nobody. */
  useKnown(cookie: string): LiveSession | undefined;
  /** The same for what was let in before and is still open, which is no use: an unattended screen may hold it. */
  confirm(cookie: string): MaybeLater<LiveSession | undefined>;
};

/** Reads the session cookie. Known ones are kept by a fingerprint of the cookie, whose seal has then been checked. */
export function openSessionCheck(deps: SessionCheckDeps): SessionCheck {
  const lookUp = openLookUp(deps);
  const peek = openPeek(deps);
  const mark = openMarking(deps);
  const markUsed = (known: KnownSession | undefined) => known && mark(known);
  return {
    use: (cookie) => andThen(lookUp(cookie), markUsed),
    useKnown: (cookie) => markUsed(peek(cookie)),
    confirm: (cookie) => andThen(lookUp(cookie), (known) => known?.session),
  };
}

function openLookUp({ cache, secrets, limits, clock, find }: SessionCheckDeps) {
  async function ask(cookie: string, key: string): Promise<KnownSession | undefined> {
    const token = openSessionToken(cookie, secrets);
    if (token === undefined) return undefined;
    return await cache.read(key, async () => {
      const session = await find(token);
      return session && toKnown(session);
    });
  }
  return (cookie: string): MaybeLater<KnownSession | undefined> => {
    const key = fingerprint(cookie);
    const known = cache.peek(key);
    if (known === undefined) return ask(cookie, key);
    const nowMs = clock.now().getTime();
    if (known.expiresAtMs <= nowMs) return undefined;
    if (!isIdle(known.lastSeenMs, limits, nowMs)) return known;
    // Another process may have seen it since.
    cache.drop(key);
    return ask(cookie, key);
  };
}

function openPeek({ cache, limits, clock }: SessionCheckDeps) {
  return (cookie: string): KnownSession | undefined => {
    const known = cache.peek(fingerprint(cookie));
    if (known === undefined) return undefined;
    const nowMs = clock.now().getTime();
    return known.expiresAtMs <= nowMs || isIdle(known.lastSeenMs, limits, nowMs) ? undefined : known;
  };
}
