import { sql } from 'kysely';
import { readAsSystem } from '../db/scopes.ts';
import type { Database, SystemTx } from '../db/scopes.ts';
import type { Row } from '../db/tables.ts';
import { after, minuteMs, secondMs } from '../kernel/clock.ts';
import { hashToken } from '../kernel/tokens.ts';

/** A signed-in browser, as whoever asks for it sees it. */
export type LiveSession = {
  readonly id: string;
  /** What its browser holds: a cookie, or a token pair, which no idle limit ends. */
  readonly kind: 'cookie' | 'tokens';
  /** Shared by all sessions that followed each other in one browser. */
  readonly lineageId: string;
  readonly userId: string;
  readonly connectionId: string;
  readonly signedInWith: string;
  readonly expiresAt: Date;
  /** When its person last proved who they are. */
  readonly provedAt: Date;
  /** As the table knows it; a process that serves the session knows better for up to `seenResolutionMs`. */
  readonly lastSeenAt: Date;
};

export type SessionLimits = {
  /** From sign-in to the end, whatever happens. */
  readonly ttlMs: number;
  /** From the last request; no limit where absent. */
  readonly idleMs?: number;
};

/** How stale `last_seen_at` may be before a request writes it again: a hundredth of the idle limit, a minute at most. */
export function seenResolutionMs({ idleMs = Infinity }: SessionLimits): number {
  return Math.min(minuteMs, Math.max(secondMs, idleMs / 100));
}

export function isIdle(lastSeenMs: number, { idleMs = Infinity }: SessionLimits, nowMs: number): boolean {
  return nowMs - lastSeenMs >= idleMs;
}

/** Notes when sessions were last used, all in one statement. A later time that is known already stays. */
export async function markSeen(tx: SystemTx, seen: ReadonlyMap<string, number>): Promise<void> {
  const rows = [...seen].map(([id, atMs]) => ({ id, at: new Date(atMs).toISOString() }));
  await sql`update sessions set last_seen_at = greatest(last_seen_at, seen.at)
    from json_to_recordset(${JSON.stringify(rows)}::json) as seen(id uuid, at timestamptz)
    where sessions.id = seen.id and ended_at is null`.execute(tx);
}

type During = { readonly limits: SessionLimits; readonly now: Date };

/** The live session of a token and of a user who is not disabled; undefined for anything else. */
export async function findSession(
  tx: SystemTx,
  token: string,
  during: During,
): Promise<LiveSession | undefined> {
  return liveIn(await sessionsOfToken(tx, token, during).execute(), during);
}

/** The same in a transaction of its own. */
export async function readSession(
  db: Database,
  token: string,
  during: During,
): Promise<LiveSession | undefined> {
  return liveIn(await readAsSystem(db, sessionsOfToken(db, token, during).compile()), during);
}

/** The live session of this id, whatever it is held by. The caller has no token to show for it. */
export async function findSessionById(tx: SystemTx, id: string, now: Date): Promise<LiveSession | undefined> {
  const row = await liveSessions(tx, now).where('sessions.id', '=', id).executeTakeFirst();
  return row && toLive(row);
}

/** The live session that a token pair's access tokens name, in a transaction of its own. */
export async function readTokenSession(
  db: Database,
  id: string,
  now: Date,
): Promise<LiveSession | undefined> {
  const query = liveSessions(db, now).where('sessions.id', '=', id).where('kind', '=', 'tokens');
  const [row] = await readAsSystem(db, query.compile());
  return row && toLive(row);
}

function sessionsOfToken(db: Database, token: string, { now }: During) {
  return liveSessions(db, now).where('token_hash', '=', hashToken('cloud/session/v1', token));
}

/** Of users who are not disabled; whoever reads a cookie's looks at the idle limit too. */
export function liveSessions(db: Database, now: Date) {
  return db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .selectAll('sessions')
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .where('users.status', '=', 'active');
}

function liveIn([row]: readonly Row<'sessions'>[], { limits, now }: During): LiveSession | undefined {
  if (row === undefined || isIdle(row.last_seen_at.getTime(), limits, now.getTime())) return undefined;
  return toLive(row);
}

/** How long a proof of who somebody is lets them do what is dangerous. */
const freshMs = 10 * minuteMs;

/** Until when a session's person may do what is dangerous without proving once more who they are. */
export function freshUntil({ provedAt }: Pick<LiveSession, 'provedAt'>): Date {
  return after(provedAt, freshMs);
}

/** Its person has proven once more who they are, in this very session. */
export async function markProved(tx: SystemTx, sessionId: string, now: Date): Promise<void> {
  await tx.updateTable('sessions').set({ proved_at: now }).where('id', '=', sessionId).execute();
}

/** Whether `sessionId` is this live session or one that it followed, without a break, in the same browser. */
export async function isContinuedBy(tx: SystemTx, sessionId: string, current: LiveSession): Promise<boolean> {
  const row = await tx
    .selectFrom('sessions')
    .select('lineage_id')
    .where('id', '=', sessionId)
    .executeTakeFirst();
  return row?.lineage_id === current.lineageId;
}

const batchSize = 500;

/** Deletes sessions that have been over for longer than anything refers to them, five hundred at most. */
export async function forgetSessions(tx: SystemTx, endedBefore: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('sessions')
    .where('id', 'in', (old) =>
      old.selectFrom('sessions').select('id').where('expires_at', '<', endedBefore).limit(batchSize),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** What of a row of `sessions` a live session is made of. */
export type SessionFacts = Pick<
  Row<'sessions'>,
  | 'id'
  | 'kind'
  | 'lineage_id'
  | 'user_id'
  | 'connection_id'
  | 'signed_in_with'
  | 'created_at'
  | 'expires_at'
  | 'last_seen_at'
  | 'proved_at'
>;

export function toLive(row: SessionFacts): LiveSession {
  return {
    id: row.id,
    kind: row.kind,
    lineageId: row.lineage_id,
    userId: row.user_id,
    connectionId: row.connection_id,
    signedInWith: row.signed_in_with,
    expiresAt: row.expires_at,
    provedAt: row.proved_at ?? row.created_at,
    lastSeenAt: row.last_seen_at,
  };
}
