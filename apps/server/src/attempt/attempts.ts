import { sql } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';
import type { Row } from '../db/tables.ts';
import { after, minuteMs, secondMs } from '../kernel/clock.ts';
import type { ErrorCode } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { hashToken } from '../kernel/tokens.ts';

/** How long a person may stay at the provider. */
export const attemptLifetimeMs = 10 * minuteMs;
/** How many attempts one browser may have in flight; the oldest give way. */
export const attemptsPerBrowser = 20;
/** How long the same callback gets the same outcome again. */
export const replayMs = 10 * secondMs;
/** After this an attempt that was taken and never settled was dropped by a process that died. */
const abandonedMs = 15 * secondMs;

/**
 * What the attempt is for, which says what its last step is: a cookie's session, a token pair for a page on another
 * origin, or another way into an account. The core is the same.
 */
export type Purpose = SignInPurpose | LinkPurpose;

export type SignInPurpose = {
  readonly kind: 'session' | 'token_pair';
  readonly returnTo: string;
  /** The invitation on whose landing page it began. */
  readonly invitationId?: string;
};

/** Somebody who is signed in adds another way into their account. It makes no session. */
export type LinkPurpose = {
  readonly kind: 'link';
  readonly userId: string;
  /** The session in which it began. */
  readonly sessionId: string;
  /** What that session is held by, and so where its person goes on. */
  readonly surface: 'cookie' | 'tokens';
  readonly returnTo: string;
};

export type Attempt = {
  readonly id: string;
  readonly reference: string;
  readonly connectionId: string;
  readonly browserHash: Buffer;
  readonly purpose: Purpose;
  readonly remembered: Readonly<Record<string, string>>;
  readonly begunAt: Date;
};

export type NewAttempt = {
  readonly reference: string;
  readonly state: string;
  readonly browserSecret: string;
  readonly connectionId: string;
  /** Where the browser must come back; a callback at any other address is not this attempt's. */
  readonly callbackPath: string;
  readonly purpose: Purpose;
  readonly remembered: Readonly<Record<string, string>>;
};

export function hashBrowserSecret(browserSecret: string): Buffer {
  return hashToken('cloud/attempt/browser/v1', browserSecret);
}

/** Tells a callback from another one that carries the same state. */
export function hashCallback(query: string): Buffer {
  return hashToken('cloud/attempt/callback/v1', query);
}

/** Records an attempt. Returns the references of those that gave way to it. */
export async function beginAttempt(tx: SystemTx, attempt: NewAttempt, now: Date): Promise<string[]> {
  const browserHash = hashBrowserSecret(attempt.browserSecret);
  // One at a time in one browser, so that the bound holds for tabs that begin at once.
  const locked =
    sql`select pg_advisory_xact_lock(hashtextextended(${browserHash.toString('hex')}, 0))`.execute(tx);
  const inserted = tx
    .insertInto('attempts')
    .values({
      id: newId(now),
      reference: attempt.reference,
      state_hash: hashToken('cloud/attempt/state/v1', attempt.state),
      browser_hash: browserHash,
      connection_id: attempt.connectionId,
      callback_path: attempt.callbackPath,
      purpose: JSON.stringify(attempt.purpose),
      remembered: JSON.stringify(attempt.remembered),
      begun_at: now,
      expires_at: after(now, attemptLifetimeMs),
    })
    .execute();
  const [gaveWay] = await Promise.all([giveWay(tx, browserHash, now), locked, inserted]);
  return gaveWay;
}

async function giveWay(tx: SystemTx, browserHash: Buffer, now: Date): Promise<string[]> {
  const rows = await tx
    .updateTable('attempts')
    .set({ settled_at: now, outcome: 'did_not_return', remembered: null })
    .where('id', 'in', (attempts) =>
      attempts
        .selectFrom('attempts')
        .select('id')
        .where('browser_hash', '=', browserHash)
        .where('settled_at', 'is', null)
        .where('taken_at', 'is', null)
        .orderBy('begun_at', 'desc')
        .orderBy('id', 'desc')
        .offset(attemptsPerBrowser),
    )
    .returning('reference')
    .execute();
  return rows.map((row) => row.reference);
}

export type Arrival = {
  readonly state: string;
  readonly browserSecret: string;
  readonly callbackPath: string;
  readonly callbackHash: Buffer;
};

export type TakeOutcome =
  /** This call, and no other, goes on with the attempt. */
  | { readonly outcome: 'taken'; readonly attempt: Attempt }
  /** The same callback came before and is being settled. */
  | { readonly outcome: 'in_progress' }
  /** The same callback came before, at most ten seconds ago, and succeeded. */
  | {
      readonly outcome: 'succeeded';
      readonly salt: Buffer;
      readonly sessionId: string;
      readonly purpose: Purpose;
    }
  /** The same callback came before, at most ten seconds ago, and was refused. */
  | { readonly outcome: 'refused'; readonly code: ErrorCode; readonly reference: string }
  /** The same callback came before and succeeded, longer ago. */
  | { readonly outcome: 'succeeded_before'; readonly sessionId: string; readonly purpose: Purpose }
  | { readonly outcome: 'invalid'; readonly finding: InvalidAttempt };

export type InvalidAttempt =
  | 'state_missing'
  | 'state_unknown'
  | 'other_browser'
  | 'other_callback'
  | 'expired'
  /** Twenty newer ones began in this browser. */
  | 'gave_way'
  | 'state_used'
  | 'abandoned';

/**
 * Takes the attempt with one conditional write: of a hundred callbacks exactly one is `taken`. A foreign browser, or
 * a callback at another address, changes nothing.
 */
export async function takeAttempt(tx: SystemTx, arrival: Arrival, now: Date): Promise<TakeOutcome> {
  const stateHash = hashToken('cloud/attempt/state/v1', arrival.state);
  const browserHash = hashBrowserSecret(arrival.browserSecret);
  const taken = await tx
    .updateTable('attempts')
    .set({ taken_at: now, callback_hash: arrival.callbackHash })
    .where('state_hash', '=', stateHash)
    .where('browser_hash', '=', browserHash)
    .where('callback_path', '=', arrival.callbackPath)
    .where('taken_at', 'is', null)
    .where('settled_at', 'is', null)
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst();
  if (taken !== undefined) return { outcome: 'taken', attempt: toAttempt(taken) };
  const row = await tx
    .selectFrom('attempts')
    .selectAll()
    .where('state_hash', '=', stateHash)
    .executeTakeFirst();
  return row === undefined
    ? invalid('state_unknown')
    : judgeSecondArrival(row, { ...arrival, browserHash }, now);
}

/** What a callback finds that could not take its attempt. Pure. */
export function judgeSecondArrival(
  row: Row<'attempts'>,
  arrival: { callbackPath: string; callbackHash: Buffer; browserHash: Buffer },
  now: Date,
): TakeOutcome {
  if (!row.browser_hash.equals(arrival.browserHash)) return invalid('other_browser');
  if (row.callback_path !== arrival.callbackPath) return invalid('other_callback');
  if (row.taken_at === null) return invalid(row.expires_at > now ? 'gave_way' : 'expired');
  if (row.callback_hash?.equals(arrival.callbackHash) !== true) return invalid('state_used');
  if (row.settled_at === null) {
    return now.getTime() - row.taken_at.getTime() < abandonedMs
      ? { outcome: 'in_progress' }
      : invalid('abandoned');
  }
  return judgeSettled(row, now.getTime() - row.settled_at.getTime());
}

function judgeSettled(row: Row<'attempts'>, agoMs: number): TakeOutcome {
  const purpose = purposeOf(row);
  if (row.outcome === 'succeeded' && row.session_id !== null) {
    const succeeded = { sessionId: row.session_id, purpose };
    return row.salt !== null && agoMs <= replayMs
      ? { outcome: 'succeeded', salt: row.salt, ...succeeded }
      : { outcome: 'succeeded_before', ...succeeded };
  }
  if (row.outcome === 'refused' && row.code !== null && agoMs <= replayMs) {
    // The column holds what `settleAttempt` wrote: a code of the catalogue.
    return { outcome: 'refused', code: row.code as ErrorCode, reference: row.reference };
  }
  return invalid('state_used');
}

function invalid(finding: InvalidAttempt): TakeOutcome {
  return { outcome: 'invalid', finding };
}

export type Settlement =
  | { readonly outcome: 'succeeded'; readonly salt: Buffer; readonly sessionId: string }
  | { readonly outcome: 'refused'; readonly code: ErrorCode };

/**
 * The last write of a sign-in, in the transaction of what it decided. Returns false where the attempt was closed
 * meanwhile; then nothing that was decided for it may stand.
 */
export async function settleAttempt(
  tx: SystemTx,
  attemptId: string,
  { settlement, now }: { settlement: Settlement; now: Date },
): Promise<boolean> {
  const facts =
    settlement.outcome === 'succeeded'
      ? { outcome: settlement.outcome, salt: settlement.salt, session_id: settlement.sessionId }
      : { outcome: settlement.outcome, code: settlement.code };
  const { numUpdatedRows } = await tx
    .updateTable('attempts')
    .set({ ...facts, settled_at: now, remembered: null })
    .where('id', '=', attemptId)
    .where('settled_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

function toAttempt(row: Row<'attempts'>): Attempt {
  return {
    id: row.id,
    reference: row.reference,
    connectionId: row.connection_id,
    browserHash: row.browser_hash,
    purpose: purposeOf(row),
    remembered: row.remembered ?? {},
    begunAt: row.begun_at,
  };
}

function purposeOf(row: Row<'attempts'>): Purpose {
  // The column holds what `beginAttempt` wrote.
  return row.purpose as Purpose;
}
