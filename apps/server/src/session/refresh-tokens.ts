import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { readAsSystem } from '../db/scopes.ts';
import type { Database, SystemTx } from '../db/scopes.ts';
import { after, dayMs } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { Secret } from '../kernel/secret.ts';
import { hashToken, mac } from '../kernel/tokens.ts';
import { judgeRefresh, rotatableSince } from './judge-refresh.ts';
import type { RefreshFacts } from './judge-refresh.ts';
import { liveSessions, toLive } from './sessions.ts';
import type { LiveSession, SessionFacts } from './sessions.ts';

/** A key that successors follow from, under the name by which it is found again after a rotation. */
export type RefreshKey = { readonly keyId: string; readonly key: Secret };

/** The first refresh token of a settled attempt; derived for the same reason as a session token is (decision 0004). */
export function deriveRefreshToken(browserSecret: string, salt: Buffer): string {
  return mac(browserSecret, 'cloud/refresh-derivation/v1', [salt]).toString('base64url');
}

function hashOf(token: string): Buffer {
  return hashToken('cloud/refresh/v1', token);
}

export async function insertRefreshToken(
  tx: SystemTx,
  { sessionId, token, now }: { sessionId: string; token: string; now: Date },
): Promise<void> {
  const row = { token_hash: hashOf(token), session_id: sessionId, created_at: now };
  await tx.insertInto('refresh_tokens').values(row).execute();
}

/** The live session that a refresh token leads to, whether it was rotated or not. Changes nothing. */
export async function findTokenSession(
  tx: SystemTx,
  token: string,
  now: Date,
): Promise<LiveSession | undefined> {
  const row = await liveSessions(tx, now)
    .innerJoin('refresh_tokens', 'refresh_tokens.session_id', 'sessions.id')
    .where('refresh_tokens.token_hash', '=', hashOf(token))
    .executeTakeFirst();
  return row && toLive(row);
}

export type Refreshed =
  /** `token` is what the browser is to hold from now on: the one that it brought, or its successor. */
  | { readonly outcome: 'alive'; readonly session: LiveSession; readonly token: string }
  /** It was replaced too long ago: somebody else has it, or had it. Nothing is ended yet. */
  | { readonly outcome: 'reused'; readonly sessionId: string; readonly userId: string }
  /** It leads nowhere: never given out, or its session is over. */
  | { readonly outcome: 'dead' };

type Refreshing = { readonly token: string; readonly keys: readonly RefreshKey[]; readonly now: Date };

/** What the one statement finds of the token as it was, and whether it was this statement that rotated it. */
type Found = SessionFacts & {
  readonly token_created_at: Date;
  readonly rotated_at: Date | null;
  readonly salt: Buffer | null;
  readonly key_id: string | null;
  readonly did_rotate: boolean;
};

/**
 * Answers a refresh token: one younger than ten seconds with itself; an older one is rotated, by one conditional write
 * that holds its session alive meanwhile, and for ten seconds everybody who brings it gets that same successor. No
 * plaintext is kept: the successor follows from a key, a salt and the token itself (RFC 9700 §4.14.2).
 */
export async function refresh(db: Database, refreshing: Refreshing): Promise<Refreshed> {
  // Another caller may rotate it between what a statement saw and what it could write; the second look sees that.
  for (let look = 0; look < 2; look += 1) {
    const judged = await tryRefresh(db, refreshing);
    if (judged !== undefined) return judged;
  }
  return { outcome: 'dead' };
}

async function tryRefresh(db: Database, refreshing: Refreshing): Promise<Refreshed | undefined> {
  const { token, keys, now } = refreshing;
  const [current] = keys;
  if (current === undefined) throw new Error('no key for refresh tokens is configured');
  const salt = randomBytes(16);
  const successor = successorOf(token, current.key, salt);
  const found = await rotate(db, { token, successor, salt, keyId: current.keyId, now });
  if (found === undefined) return { outcome: 'dead' };
  const session = toLive(found);
  const judgement = judgeRefresh(factsOf(found), now);
  if (judgement === 'rotated') return { outcome: 'alive', session, token: successor };
  if (judgement === 'itself') return { outcome: 'alive', session, token };
  if (judgement === 'overtaken') return undefined;
  const earlier = judgement === 'successor' ? successorIn(found, refreshing) : undefined;
  const isParentOfLeaf = earlier !== undefined && (await isLeaf(db, earlier));
  return isParentOfLeaf
    ? { outcome: 'alive', session, token: earlier }
    : { outcome: 'reused', sessionId: session.id, userId: session.userId };
}

function factsOf({ token_created_at: createdAt, rotated_at: rotatedAt, did_rotate }: Found): RefreshFacts {
  return { createdAt, rotatedAt, didRotate: did_rotate };
}

function successorOf(token: string, key: Secret, salt: Buffer): string {
  return mac(key.reveal(), 'cloud/refresh-successor/v1', [salt, token]).toString('base64url');
}

/** @throws AppError `storage_unavailable` where another replica rotated it with a key that this one was not given yet */
function successorIn({ salt, key_id: keyId }: Found, { token, keys }: Refreshing): string {
  const key = keys.find((one) => one.keyId === keyId);
  if (key === undefined || salt === null)
    throw new AppError('storage_unavailable', { finding: 'refresh_key_unknown' });
  return successorOf(token, key.key, salt);
}

type Rotating = {
  readonly token: string;
  readonly successor: string;
  readonly salt: Buffer;
  readonly keyId: string;
  readonly now: Date;
};

/**
 * The session is locked before the token, as by whoever ends it: a rotation happens before the end or not at all. Answers
 * nothing where the session is over, its user is disabled, or the token never was.
 */
async function rotate(db: Database, rotating: Rotating): Promise<Found | undefined> {
  const { token, successor, salt, keyId, now } = rotating;
  const query = sql<Found>`select * from rotate_refresh_token(${hashOf(token)}, ${hashOf(successor)}, ${salt}, ${keyId},
    ${now}, ${rotatableSince(now)})`;
  const [found] = await readAsSystem(db, query.compile(db));
  return found;
}

/** Whether a token is the one of its session that was not rotated yet. */
async function isLeaf(db: Database, token: string): Promise<boolean> {
  const query = db
    .selectFrom('refresh_tokens')
    .select('session_id')
    .where('token_hash', '=', hashOf(token))
    .where('rotated_at', 'is', null);
  return (await readAsSystem(db, query.compile())).length > 0;
}

const keepMs = dayMs;
const batchSize = 500;

/** Deletes the tokens of sessions that were over a day ago. Those of a session that lives tell of a replay, and stay. */
export async function forgetRefreshTokens(tx: SystemTx, now: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('refresh_tokens')
    .where('token_hash', 'in', (old) =>
      old
        .selectFrom('refresh_tokens')
        .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session_id')
        .select('refresh_tokens.token_hash')
        .where((row) =>
          row.or([
            row('sessions.ended_at', '<', after(now, -keepMs)),
            row('sessions.expires_at', '<', after(now, -keepMs)),
          ]),
        )
        .limit(batchSize),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
