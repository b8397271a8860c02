import type { SystemTx } from '../db/scopes.ts';
import type { Row } from '../db/tables.ts';
import { after } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { hashToken } from '../kernel/tokens.ts';
import { insertRefreshToken } from './refresh-tokens.ts';
import { lockSessionsOf } from './sessions-of-user.ts';
import type { LiveSession, SessionLimits } from './sessions.ts';
import { toLive } from './sessions.ts';

export type NewSession = {
  readonly kind: LiveSession['kind'];
  /** What the browser is given: the session token, or the first refresh token. */
  readonly token: string;
  readonly userId: string;
  readonly connectionId: string;
  readonly signedInWith: string;
  readonly origin: { readonly address?: string; readonly userAgent?: string };
  /** The session that this browser held until now. It ends, and the new one continues its line. */
  readonly replaces?: LiveSession;
  /** Whether it began with a proof of who its person is that suffices for what is dangerous; so unless it is said. */
  readonly isProof?: boolean;
};

/** A session that gave way to a new one, and why. */
export type GaveWay = { readonly id: string; readonly because: 'replaced' | 'evicted' };

type Started = { readonly session: LiveSession; readonly gaveWay: readonly GaveWay[] };

/** How many live sessions one person may have; a sign-in beyond that ends the oldest (ASVS 7.1.2). */
const mostLiveSessions = 25;
const longestUserAgent = 512;
/** Longer ago than any proof counts. */
const neverProved = new Date(0);

/**
 * Starts a session. Sign-ins of one person wait for each other here until their transactions end, so that no number of
 * them at once leads past the most that one person may have.
 */
export async function startSession(
  tx: SystemTx,
  { token, replaces, origin, isProof = true, ...session }: NewSession,
  during: { limits: SessionLimits; now: Date },
): Promise<Started> {
  const { limits, now } = during;
  const id = newId(now);
  const lineageId = replaces?.lineageId ?? id;
  const expiresAt = after(now, limits.ttlMs);
  const provedAt = isProof ? now : neverProved;
  const live = { ...session, id, lineageId, expiresAt, provedAt, lastSeenAt: now };
  const locked = lockSessionsOf(tx, session.userId); // and what is asked after it happens under it
  const [isReplaced, , , evicted] = await Promise.all([
    replaces !== undefined && endReplaced(tx, replaces.id, now),
    insertSession(tx, live, { token, origin, signedInAt: now }),
    live.kind === 'tokens' && insertRefreshToken(tx, { sessionId: id, token, now }),
    evictOldest(tx, live, during),
    locked,
  ]);
  const gaveWay = evicted.map((evictedId) => ({ id: evictedId, because: 'evicted' as const }));
  return {
    session: live,
    gaveWay: replaces && isReplaced ? [{ id: replaces.id, because: 'replaced' }, ...gaveWay] : gaveWay,
  };
}

/**
 * Returns whether it was this call that ended it. It alone: another sign-in of the same browser may have followed it
 * at the same moment, and nobody knows which of the two cookies arrives last.
 */
async function endReplaced(tx: SystemTx, sessionId: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('sessions')
    .set({ ended_at: now, ended_because: 'replaced' })
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** What became of a session that was to be rotated: another in its place, or it was over already. */
type Rotation =
  | { readonly outcome: 'rotated'; readonly session: LiveSession }
  /** A token pair stays as it is: its refresh tokens rotate by themselves, and access tokens tell what was true then. */
  | { readonly outcome: 'kept'; readonly session: LiveSession }
  | { readonly outcome: 'over'; readonly because: Row<'sessions'>['ended_because'] | undefined };

/**
 * Gives a cookie's session another id and token, because what it may do has changed. It ends when it would have ended, and
 * stays in its line.
 */
export async function rotateSession(
  tx: SystemTx,
  current: { readonly id: string; readonly userId: string },
  { token, now }: { token: string; now: Date },
): Promise<Rotation> {
  await lockSessionsOf(tx, current.userId);
  const old = await tx
    .selectFrom('sessions')
    .selectAll()
    .where('id', '=', current.id)
    .forUpdate()
    .executeTakeFirst();
  if (old?.kind === 'tokens' && old.ended_at === null) return { outcome: 'kept', session: toLive(old) };
  if (old === undefined || !(await endReplaced(tx, old.id, now)))
    return { outcome: 'over', because: old?.ended_because };
  const session: LiveSession = { ...toLive(old), id: newId(now), lastSeenAt: now };
  const origin = {
    ...(old.address !== null && { address: old.address }),
    ...(old.user_agent !== null && { userAgent: old.user_agent }),
  };
  await insertSession(tx, session, { token, origin, signedInAt: old.created_at });
  return { outcome: 'rotated', session };
}

type Beginning = Pick<NewSession, 'token' | 'origin'> & { readonly signedInAt: Date };

async function insertSession(tx: SystemTx, live: LiveSession, { token, origin, signedInAt }: Beginning) {
  await tx
    .insertInto('sessions')
    .values({
      id: live.id,
      lineage_id: live.lineageId,
      kind: live.kind,
      token_hash: live.kind === 'cookie' ? hashToken('cloud/session/v1', token) : null,
      user_id: live.userId,
      connection_id: live.connectionId,
      signed_in_with: live.signedInWith,
      created_at: signedInAt,
      expires_at: live.expiresAt,
      last_seen_at: live.lastSeenAt,
      proved_at: live.provedAt.getTime() === signedInAt.getTime() ? null : live.provedAt,
      user_agent: origin.userAgent?.slice(0, longestUserAgent) ?? null,
      address: origin.address ?? null,
    })
    .execute();
}

/** Ends what is too much beside the newest, sessions that nobody uses any more before all others. */
async function evictOldest(
  tx: SystemTx,
  newest: LiveSession,
  { limits: { idleMs = Infinity }, now }: { limits: SessionLimits; now: Date },
): Promise<string[]> {
  const usedSince = new Date(Math.max(0, now.getTime() - idleMs));
  const ended = await tx
    .updateTable('sessions')
    .set({ ended_at: now, ended_because: 'evicted' })
    .where('id', 'in', (sessions) =>
      sessions
        .selectFrom('sessions')
        .select('id')
        .where('user_id', '=', newest.userId)
        .where('id', '!=', newest.id)
        .where('ended_at', 'is', null)
        .where('expires_at', '>', now)
        .orderBy(({ or, eb }) => or([eb('kind', '=', 'tokens'), eb('last_seen_at', '>', usedSince)]), 'desc')
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .offset(mostLiveSessions - 1),
    )
    .where('ended_at', 'is', null)
    .returning('id')
    .execute();
  return ended.map(({ id }) => id);
}
