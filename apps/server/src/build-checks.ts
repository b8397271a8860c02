import { readMe } from './account/me-view.ts';
import type { Me } from './account/me-view.ts';
import type { ChangeFeed } from './db/changes.ts';
import { openLeasedCache } from './db/leased-cache.ts';
import { inSystem } from './db/scopes.ts';
import type { Database } from './db/scopes.ts';
import type { Log } from './http/log.ts';
import type { Clock } from './kernel/clock.ts';
import type { MaybeLater } from './kernel/maybe-later.ts';
import type { Secret } from './kernel/secret.ts';
import {
  markSeen,
  openBearerCheck,
  openSeenBook,
  openSessionCheck,
  readSession,
  readTokenSession,
} from './session/index.ts';
import type { BearerCheckDeps, KnownSession, SessionLimits } from './session/index.ts';

export type ChecksOptions = {
  readonly db: Database;
  readonly clock: Clock;
  readonly changes: ChangeFeed;
  readonly secrets: readonly Secret[];
  readonly limits: SessionLimits;
  readonly verifyToken: BearerCheckDeps['verify'];
  readonly isKeyHeld: BearerCheckDeps['isHeld'];
  readonly onError: (error: unknown) => void;
};

export type Checks = ReturnType<typeof openChecks>;

/** About half a kilobyte each. */
const mostSessions = 50_000;
const mostPeople = 50_000;

/** Who is there, and what may they: two memories, since a removed member's session lives on elsewhere. */
export function openChecks({ db, clock, changes: freshness, limits, ...options }: ChecksOptions) {
  const seen = openSeenBook((sessions) => inSystem(db, (tx) => markSeen(tx, sessions)), options.onError);
  const sessions = openLeasedCache<KnownSession>({
    freshness,
    clock,
    mostEntries: mostSessions,
    subjectsOf: ({ session }) => [session.id, session.userId],
  });
  const tokenSessions = openLeasedCache<KnownSession>({
    freshness,
    clock,
    mostEntries: mostSessions,
    subjectsOf: ({ session }) => [session.id, session.userId],
  });
  const people = openLeasedCache<Me>({
    freshness,
    clock,
    mostEntries: mostPeople,
    subjectsOf: ({ user, companies }) => [user.id, ...companies.map(({ id }) => id)],
  });
  const sessionOfToken = (token: string) => readSession(db, token, { limits, now: clock.now() });
  const readPerson = (userId: string) => readMe(db, { userId, at: clock.now() });
  return {
    sessionOfBearer: openBearerCheck({
      cache: tokenSessions,
      limits,
      clock,
      seen,
      verify: options.verifyToken,
      isHeld: options.isKeyHeld,
      find: (id) => readTokenSession(db, id, clock.now()),
    }),
    sessionOfCookie: openSessionCheck({
      cache: sessions,
      secrets: options.secrets,
      limits,
      clock,
      seen,
      find: sessionOfToken,
    }),
    /** Oneself and what one may do, as known; from the database where that is not certain. */
    personOf: (userId: string): MaybeLater<Me> => people.peek(userId) ?? readKnown(userId),
    knownPerson: people.peek,
    knownUntilMs: freshness.knownUntilMs,
    stats: () => ({ sessions: sessions.stats(), tokens: tokenSessions.stats(), people: people.stats() }),
    close: () => seen.close(),
  };

  async function readKnown(userId: string): Promise<Me> {
    const me = await people.read(userId, () => readPerson(userId));
    if (me === undefined) throw new Error('whoever has a session exists');
    return me;
  }
}

/** Says in the log when checks begin to cost a query, and when that is over. */
export function logChannel(log: Log) {
  return ({ isConnected, error }: { isConnected: boolean; error?: unknown }) => {
    if (isConnected) log.info('changes are followed');
    else log.warn({ err: error }, 'changes cannot be followed; every check asks the database meanwhile');
  };
}
