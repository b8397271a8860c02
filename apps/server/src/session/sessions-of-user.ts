import { sql } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';
import { hashToken } from '../kernel/tokens.ts';
import type { SessionLimits } from './sessions.ts';

/** A live session as its owner recognises it. */
export type OwnSession = {
  readonly id: string;
  readonly signedInWith: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  /** As the browser said at sign-in, unread and untrusted. */
  readonly userAgent: string | null;
  readonly address: string | null;
};

type During = {
  readonly limits: SessionLimits;
  readonly now: Date;
  /** The session that asks, if one does: in use at this moment, whatever the table knows of its last use. */
  readonly currentId: string | null;
};

/**
 * Until the transaction ends nobody else starts, rotates or ends by the dozen what this person has. Comes after the
 * locks on company, user, member and invitation, and before any session's own.
 */
export async function lockSessionsOf(tx: SystemTx, userId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`sessions of ${userId}`}, 0))`.execute(tx);
}

/** All live sessions of a person, or only the one named. */
export async function listSessionsOf(
  tx: SystemTx,
  { userId, onlyId }: { userId: string; onlyId?: string | undefined },
  during: During,
): Promise<OwnSession[]> {
  return await liveOf(tx, userId, during)
    .where((row) => (onlyId === undefined ? row.lit(true) : row('id', '=', onlyId)))
    .select(['id', 'signed_in_with as signedInWith', 'user_agent as userAgent', 'address'])
    .select(['created_at as createdAt', 'last_seen_at as lastSeenAt', 'expires_at as expiresAt'])
    .orderBy('last_seen_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

/** Which of a person's live sessions: one, or all but one (or none), of one connection or of any. */
export type Which = { readonly userId: string } & (
  | { readonly id: string }
  | {
      readonly butFor: string | null;
      readonly connectionId?: string;
      /** Token pairs alone. */
      readonly kind?: 'tokens';
    }
);

/** Why all that a person asks for, or an event of their account, ends sessions. */
export type EndedBecause =
  'signed_out' | 'revoked' | 'credentials_changed' | 'not_allowed' | 'refresh_reused';

/** Ends live sessions of a person, and answers which. One that is rotated at the same moment does not slip through. */
export async function endSessionsOf(
  tx: SystemTx,
  which: Which,
  { because, ...during }: During & { because: EndedBecause },
): Promise<string[]> {
  await lockSessionsOf(tx, which.userId);
  const ended = await tx
    .updateTable('sessions')
    .set({ ended_at: during.now, ended_because: because })
    .where('id', 'in', liveOf(tx, which.userId, during).select('id'))
    .where((row) => {
      if ('id' in which) return row('id', '=', which.id);
      const { butFor, connectionId, kind } = which;
      return row.and([
        ...(butFor === null ? [] : [row('id', '!=', butFor)]),
        ...(connectionId === undefined ? [] : [row('connection_id', '=', connectionId)]),
        ...(kind === undefined ? [] : [row('kind', '=', kind)]),
      ]);
    })
    .where('ended_at', 'is', null)
    .returning('id')
    .execute();
  return ended.map(({ id }) => id);
}

/**
 * Ends the session of this token and whatever lives of its line, and answers which: another may have taken its place
 * already, or be taking it at this moment. Undefined where the token was never anybody's, or is over in another way.
 */
export async function endLine(
  tx: SystemTx,
  token: string,
  now: Date,
): Promise<{ readonly userId: string; readonly ended: readonly string[] } | undefined> {
  const line = await tx
    .selectFrom('sessions')
    .select(['user_id as userId', 'lineage_id as lineageId'])
    .where('token_hash', '=', hashToken('cloud/session/v1', token))
    .where((row) => row.or([row('ended_at', 'is', null), row('ended_because', '=', 'replaced')]))
    .executeTakeFirst();
  if (line === undefined) return undefined;
  const locked = lockSessionsOf(tx, line.userId); // and what is asked after it happens under it
  // Of the line, whoever it is of by now: it may have become another account's while this waited.
  const ending = tx
    .updateTable('sessions')
    .set({ ended_at: now, ended_because: 'signed_out' })
    .where('lineage_id', '=', line.lineageId)
    .where('ended_at', 'is', null)
    .returning(['id', 'user_id as userId'])
    .execute();
  const [ended] = await Promise.all([ending, locked]);
  return { userId: ended[0]?.userId ?? line.userId, ended: ended.map(({ id }) => id) };
}

function liveOf(tx: SystemTx, userId: string, { limits: { idleMs = Infinity }, now, currentId }: During) {
  const usedSince = new Date(Math.max(0, now.getTime() - idleMs));
  return tx
    .selectFrom('sessions')
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .where((row) =>
      row.or([
        row('kind', '=', 'tokens'),
        row('last_seen_at', '>', usedSince),
        ...(currentId === null ? [] : [row('id', '=', currentId)]),
      ]),
    );
}
