import { randomBytes } from 'node:crypto';
import { settleAttempt, writeTrace } from '../../attempt/index.ts';
import type { Attempt } from '../../attempt/index.ts';
import { hasSecondFactor } from '../../credential/index.ts';
import type { Database, SystemTx } from '../../db/scopes.ts';
import { inSystem } from '../../db/scopes.ts';
import { rememberLink } from '../../identity/index.ts';
import type { User } from '../../identity/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import { domainOf } from '../../kernel/email-address.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import { startTrace } from '../../kernel/trace.ts';
import type { Trace } from '../../kernel/trace.ts';
import type { MailPolicy } from '../../mail/index.ts';
import type { VouchedEmail } from '../../provider/provider.ts';
import type { Hold, Proof, Settle, Settled } from '../deps.ts';
import { recordRefusal, stepsOfSignIn } from '../refuse.ts';
import { grantAccess, judgeAccess } from './access.ts';
import type { Access } from './access.ts';
import { contestAddress, findAccount, writeAccount } from './account.ts';
import type { Account } from './account.ts';
import { beginSession } from './begin-session.ts';

export type SignInSettlement = {
  readonly db: Database;
  readonly clock: Clock;
  readonly access: Access;
  readonly mailPolicy: MailPolicy;
};

/** What every step of one settlement shares. */
type Settling = { readonly tx: SystemTx; readonly proof: Proof; readonly trace: Trace; readonly now: Date };

/** Ends a sign-in in what the browser is to hold: locks and reads, decides everything, and only then writes. */
export function settleSignIn(deps: SignInSettlement, hold: Hold): Settle {
  return (proof) =>
    inSystem(deps.db, async (tx) => {
      const trace = startTrace(deps.clock, proof.trace.steps());
      const settling = { tx, proof, trace, now: deps.clock.now() };
      const bootstrap = await deps.access.readBootstrap(tx);
      const offList = refusalByList(deps.access.policy, proof.proven.email);
      if (offList !== undefined) return await refuse(settling, offList);
      const account = await judgeAccount(settling);
      if (account.decision.outcome === 'refused') {
        await leaveForHolder(settling, account);
        return await refuse(settling, account.decision.reason);
      }
      const access = await trace.step('access', async () => {
        const { email } = proof.proven;
        const { user, ownAddress } = account;
        const beganOnInvitation = invitationOf(proof.attempt);
        const entrant = { user, email, ownAddress, beganOnInvitation };
        const judged = await judgeAccess(tx, deps.access, { ...entrant, bootstrap, now: settling.now });
        if (judged.decision.outcome === 'refused') trace.refuse(judged.decision.reason);
        return judged;
      });
      if (access.decision.outcome === 'refused') return await refuse(settling, access.decision.reason);
      return await enter(settling, hold, async () => {
        const user = await writeAccount(tx, account, { ...settling, mailPolicy: deps.mailPolicy });
        const cause = { origin: proof.browser.origin, reference: proof.attempt.reference };
        await grantAccess(tx, access, { userId: user.id, cause, now: settling.now });
        return user;
      });
    });
}

function invitationOf({ purpose }: Attempt): string | undefined {
  return purpose.kind === 'link' ? undefined : purpose.invitationId;
}

/** An address that the policy does not let in is refused before it is asked whose it is: nothing is left for its holder. */
function refusalByList(policy: Access['policy'], email: VouchedEmail): ErrorCode | undefined {
  if (policy.kind !== 'restricted' || email.kind !== 'verified') return undefined;
  return policy.allowedDomains.includes(domainOf(email.address)) ? undefined : 'email_domain_not_allowed';
}

async function judgeAccount({ tx, proof, trace }: Settling): Promise<Account> {
  return await trace.step('account', async () => {
    const account = await findAccount(tx, proof);
    if (account.decision.outcome === 'refused') trace.refuse(account.decision.reason);
    return account;
  });
}

/**
 * What a refusal for the sake of an address leaves besides its record: for ten minutes, in this browser, the two may be
 * linked; or the address is its holder's no more.
 */
async function leaveForHolder({ tx, proof, now }: Settling, { decision, key }: Account): Promise<void> {
  const { email } = proof.proven;
  if (decision.outcome !== 'refused' || email.kind !== 'verified') return;
  const { reason, holderId } = decision;
  if (reason === 'identity_conflict') {
    await contestAddress(tx, holderId, { proof, now });
    return;
  }
  const { browserHash } = proof.attempt;
  await rememberLink(tx, { browserHash, key, address: email.address, holderId }, now);
}

async function enter(settling: Settling, hold: Hold, writeDecisions: () => Promise<User>): Promise<Settled> {
  const { tx, proof, trace, now } = settling;
  const { attempt, browser } = proof;
  const salt = randomBytes(32);
  const token = hold.derive(browser.secret, salt);
  const { reference, connectionId, begunAt, purpose } = attempt;
  const session = await trace.step('session', async () => {
    const { id: userId } = await writeDecisions();
    const isProof = !(await hasSecondFactor(tx, userId)); // no provider is known to have asked for a second one
    const beginning = { token, userId, connectionId, browser, reference, isProof, now };
    return await beginSession(tx, hold, beginning);
  });
  const settlement = { outcome: 'succeeded', salt, sessionId: session.id } as const;
  const ended = { endedAt: now, outcome: 'succeeded', code: undefined } as const;
  const record = { reference, connectionId, begunAt, ...ended };
  const [isSettled] = await Promise.all([
    settleAttempt(tx, attempt.id, { settlement, now }),
    writeTrace(tx, { ...record, steps: trace.steps() }),
  ]);
  if (!isSettled) throw new AppError('attempt_invalid', { finding: 'abandoned' });
  return { outcome: 'signed_in', session, token, purpose, steps: trace.timedSteps() };
}

async function refuse({ tx, proof, trace, now }: Settling, reason: ErrorCode): Promise<Settled> {
  const { attempt, browser, providerSteps } = proof;
  const { reference, connectionId, begunAt } = attempt;
  const record = { reference, connectionId, begunAt };
  const refusal = { record, attempt, code: reason, finding: reason, trace, browser };
  await recordRefusal(tx, { ...refusal, expectedSteps: stepsOfSignIn(providerSteps) }, now);
  return { outcome: 'refused', reason, reference, steps: trace.timedSteps() };
}
