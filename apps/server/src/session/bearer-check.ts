import { openBoundedMap } from '../kernel/bounded-map.ts';
import type { Clock } from '../kernel/clock.ts';
import { isUuid } from '../kernel/ids.ts';
import { andThen } from '../kernel/maybe-later.ts';
import type { MaybeLater } from '../kernel/maybe-later.ts';
import { fingerprint } from '../kernel/tokens.ts';
import { openMarking, toKnown } from './known-session.ts';
import type { KnownSession } from './known-session.ts';
import type { SeenBook } from './seen-book.ts';
import type { LiveSession, SessionLimits } from './sessions.ts';

/** What an access token says whose signature, kind and audience were found right. */
type Statement = {
  readonly sessionId: string;
  readonly userId: string;
  readonly keyId: string;
  readonly expiresAtMs: number;
};

type Verified = {
  readonly claims: { readonly sub?: string | undefined; readonly sid?: unknown };
  readonly keyId: string;
  readonly expiresAtMs: number;
};

export type BearerCheckDeps = {
  readonly cache: {
    peek(sessionId: string): KnownSession | undefined;
    read(sessionId: string, load: () => Promise<KnownSession | undefined>): Promise<KnownSession | undefined>;
  };
  readonly clock: Clock;
  readonly limits: SessionLimits;
  readonly seen: SeenBook;
  readonly verify: (token: string) => Promise<Verified | undefined>;
  /** Whether tokens of this key still count. */
  readonly isHeld: (keyId: string) => boolean;
  readonly find: (sessionId: string) => Promise<LiveSession | undefined>;
};

const mostTokens = 50_000;

/**
 * Whose access token it is. A signature is worked out once for each token; that its session still lives is asked each
 * time, from memory where that is certain: a session that was ended is refused though its tokens have time left.
 */
export function openBearerCheck(deps: BearerCheckDeps) {
  const { cache, clock, find } = deps;
  const readStatement = openStatements(deps);
  const markUsed = openMarking(deps);

  const check = (statement: Statement | undefined): MaybeLater<LiveSession | undefined> => {
    if (statement === undefined || statement.expiresAtMs <= clock.now().getTime()) return undefined;
    const { sessionId } = statement;
    const load = async () => {
      const session = await find(sessionId);
      return session && toKnown(session);
    };
    const known = cache.peek(sessionId) ?? cache.read(sessionId, load);
    return andThen(known, (found) => {
      const isTheirs = found !== undefined && found.session.userId === statement.userId;
      return isTheirs && found.expiresAtMs > clock.now().getTime() ? markUsed(found) : undefined;
    });
  };
  return (token: string): MaybeLater<LiveSession | undefined> => andThen(readStatement(token), check);
}

function openStatements({ verify, isHeld }: BearerCheckDeps) {
  const statements = openBoundedMap<string, Statement>(mostTokens);
  async function read(token: string, key: string): Promise<Statement | undefined> {
    const verified = await verify(token);
    if (verified === undefined) return undefined;
    const { claims, keyId, expiresAtMs } = verified;
    const { sub: userId = '', sid: sessionId } = claims;
    if (typeof sessionId !== 'string' || !isUuid(sessionId)) return undefined;
    const statement = { sessionId, userId, keyId, expiresAtMs };
    statements.set(key, statement);
    return statement;
  }
  return (token: string): MaybeLater<Statement | undefined> => {
    const key = fingerprint(token);
    const known = statements.get(key);
    return known !== undefined && isHeld(known.keyId) ? known : read(token, key);
  };
}
