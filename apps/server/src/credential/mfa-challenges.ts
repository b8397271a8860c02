import type { SystemTx } from '../db/scopes.ts';
import type { Row } from '../db/tables.ts';
import { after, minuteMs, secondMs } from '../kernel/clock.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import { hashToken, randomToken } from '../kernel/tokens.ts';
import { lockSecondFactor } from './second-factor.ts';

const lifetimeMs = 5 * minuteMs;
const mostTries = 5;
/** Of all challenges of one account together: starting anew brings no more guesses than that. */
const mostTriesOfAccount = 20;
/** Each challenge may be tried for as long as it lives, so those count that began that much earlier. */
const countedMs = 15 * minuteMs + lifetimeMs;

/** Whose sign-in it is, by which address, and the invitation on whose landing page it began. */
type Begun = {
  readonly userId: string;
  readonly address: EmailAddress;
  readonly invitationId?: string | undefined;
};

/** Somebody's password fitted. Answers the token under which the code is to come; only its hash is kept. */
export async function beginMfaChallenge(
  tx: SystemTx,
  { userId, address, invitationId }: Begun,
  now: Date,
): Promise<string> {
  const token = randomToken();
  await tx
    .insertInto('mfa_challenges')
    .values({
      token_hash: hashOf(token),
      user_id: userId,
      address,
      invitation_id: invitationId ?? null,
      created_at: now,
      expires_at: after(now, lifetimeMs),
      tries: 0,
    })
    .execute();
  return token;
}

export type TriedChallenge =
  | ({ readonly outcome: 'tried' } & Begun & {
        /** Whether, if this code does not fit either, so many did not of late that a challenge would be used up by them. */
        readonly isSuspicious: boolean;
      })
  /** The account had its tries: no code of it is looked at for a while. */
  | { readonly outcome: 'too_many'; readonly userId: string; readonly retryAfterSeconds: number }
  /** Never given out, used, too late, or tried five times. */
  | { readonly outcome: 'unknown' };

/**
 * Counts one try of a code, before the code is looked at. Of any number at once no more are let through than there are
 * tries: those of one account wait for each other until their transactions end.
 */
export async function tryMfaChallenge(tx: SystemTx, token: string, now: Date): Promise<TriedChallenge> {
  const open = await openChallenges(tx, token, now).select('user_id as userId').executeTakeFirst();
  if (open === undefined) return { outcome: 'unknown' };
  const { userId } = open;
  await lockSecondFactor(tx, userId);
  const counted = await countedChallenges(tx, userId, now);
  const retryAfterSeconds = untilNextTry(counted, now);
  if (retryAfterSeconds > 0) return { outcome: 'too_many', userId, retryAfterSeconds };
  const tried = await tx
    .updateTable('mfa_challenges')
    .set((row) => ({ tries: row('tries', '+', 1) }))
    .where('token_hash', 'in', openChallenges(tx, token, now).select('token_hash'))
    .where('used_at', 'is', null)
    .where('tries', '<', mostTries)
    .returning(['address', 'invitation_id'])
    .executeTakeFirst();
  if (tried === undefined) return { outcome: 'unknown' };
  const { address, invitation_id: invitationId } = tried;
  const isSuspicious = wrongTries(counted) + 1 >= mostTries;
  return { outcome: 'tried', userId, address, isSuspicious, ...(invitationId !== null && { invitationId }) };
}

/** Uses a challenge whose code fitted. Of many at once one uses it. */
export async function useMfaChallenge(tx: SystemTx, token: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('mfa_challenges')
    .set({ used_at: now })
    .where('token_hash', '=', hashOf(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Whoever waits for a code of this account waits in vain: its password or its app is another one now. */
export async function endMfaChallenges(tx: SystemTx, userId: string, now: Date): Promise<void> {
  await tx
    .updateTable('mfa_challenges')
    .set({ used_at: now })
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .execute();
}

/** Deletes challenges that count for nothing any more. */
export async function forgetMfaChallenges(tx: SystemTx, now: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('mfa_challenges')
    .where('created_at', '<=', after(now, -countedMs))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

function hashOf(token: string): Buffer {
  return hashToken('cloud/mfa-challenge/v1', token);
}

function openChallenges(tx: SystemTx, token: string, now: Date) {
  return tx
    .selectFrom('mfa_challenges')
    .where('token_hash', '=', hashOf(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .where('tries', '<', mostTries);
}

type Counted = Pick<Row<'mfa_challenges'>, 'tries' | 'created_at' | 'used_at'>;

/** What was tried of this account of late, the oldest first. */
async function countedChallenges(tx: SystemTx, userId: string, now: Date): Promise<readonly Counted[]> {
  return await tx
    .selectFrom('mfa_challenges')
    .select(['tries', 'created_at', 'used_at'])
    .where('user_id', '=', userId)
    .where('created_at', '>', after(now, -countedMs))
    .where('tries', '>', 0)
    .orderBy('created_at')
    .execute();
}

/** 0 where the account may be tried once more now. */
function untilNextTry(counted: readonly Counted[], now: Date): number {
  const tries = counted.reduce((sum, row) => sum + row.tries, 0);
  const [oldest] = counted;
  if (oldest === undefined || tries < mostTriesOfAccount) return 0;
  return Math.max(1, (oldest.created_at.getTime() + countedMs - now.getTime()) / secondMs);
}

/** The last try of one that was used is taken for the code that fitted. */
function wrongTries(counted: readonly Counted[]): number {
  return counted.reduce((sum, row) => sum + row.tries - (row.used_at === null ? 0 : 1), 0);
}
