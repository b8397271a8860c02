import { recordEvent } from '../../audit/index.ts';
import { tryMfaChallenge, useMfaChallenge, useSecondFactor } from '../../credential/index.ts';
import type { SecretSealer } from '../../credential/index.ts';
import { inSystem } from '../../db/scopes.ts';
import type { Database, SystemTx } from '../../db/scopes.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { EmailAddress } from '../../kernel/email-address.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ErrorCode, ErrorContext } from '../../kernel/errors.ts';
import { queueMails, wasToldToday } from '../../mail/index.ts';
import type { MailPolicy } from '../../mail/index.ts';
import type { Entered, EnterByPassword } from '../settle/enter-by-password.ts';
import type { Asking } from './password-deps.ts';

/** Somebody is in, or may not come in; a refusal is recorded. */
type SignedIn = Extract<Entered, { outcome: 'signed_in' }>;
type Refused = { readonly outcome: 'refused'; readonly reason: ErrorCode; readonly context?: ErrorContext };

export type VerifyMfaDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly mailPolicy: MailPolicy;
  readonly sealer: SecretSealer;
  readonly byPassword: EnterByPassword;
};

export type SecondStep = Asking & {
  readonly mfaToken: string;
  readonly code: string;
};

/** What is to be done in one transaction, and for whom. */
type Verifying = SecondStep & { readonly tx: SystemTx; readonly now: Date };

/**
 * The second step of a sign-in by password: a code of the app, or a recovery code in its place.
 * @throws AppError `token_invalid` where there is nothing to try, `mfa_code_invalid`, `rate_limited`, or why they may not enter
 */
export async function verifyMfa(deps: VerifyMfaDeps, step: SecondStep): Promise<SignedIn> {
  const settled = await inSystem(deps.db, (tx) => settle(deps, { ...step, tx, now: deps.clock.now() }));
  if (settled.outcome === 'refused') throw new AppError(settled.reason, settled.context);
  return settled;
}

async function settle(deps: VerifyMfaDeps, verifying: Verifying): Promise<SignedIn | Refused> {
  const { tx, mfaToken, code, browser, reference, now } = verifying;
  const bootstrap = await deps.byPassword.readBootstrap(tx);
  const tried = await tryMfaChallenge(tx, mfaToken, now);
  if (tried.outcome === 'unknown') return await refuse(verifying, undefined, { reason: 'token_invalid' });
  const { userId } = tried;
  if (tried.outcome === 'too_many') {
    const context = { finding: 'second_factor', retryAfterSeconds: tried.retryAfterSeconds };
    return await refuse(verifying, userId, { reason: 'rate_limited', context });
  }
  const used = await useSecondFactor(tx, deps.sealer, { userId, code, now });
  if (used === undefined) {
    if (tried.isSuspicious) await tellOfWrongCodes(deps, verifying, tried.address);
    return await refuse(verifying, userId, { reason: 'mfa_code_invalid' });
  }
  if (!(await useMfaChallenge(tx, mfaToken, now)))
    return await refuse(verifying, userId, { reason: 'token_invalid' });
  const { address, invitationId } = tried;
  const entering = { bootstrap, userId, address, browser, invitationId, reference, now };
  const entered = await deps.byPassword.enter(tx, entering);
  if (entered.outcome === 'refused') return await refuse(verifying, userId, entered);
  if (used === 'recovery_code') await tellOfRecovery(deps, verifying, { userId, address });
  return entered;
}

async function refuse(
  { tx, browser, reference, now }: Verifying,
  userId: string | undefined,
  { reason, context }: Omit<Refused, 'outcome'>,
): Promise<Refused> {
  const isOfCode = reason === 'mfa_code_invalid' || reason === 'rate_limited' || reason === 'token_invalid';
  await recordEvent(
    tx,
    {
      type: isOfCode ? 'mfa.refused' : 'sign_in.refused',
      result: 'refused',
      actor: { kind: 'nobody' },
      ...(userId !== undefined && { subjectId: userId }),
      reference,
      reason,
      origin: browser.origin,
      details: { code: reason, connection: 'password' },
    },
    now,
  );
  return { outcome: 'refused', reason, context: { ...context, reference } };
}

/** Whoever types codes that do not fit has the password. That is told once a day (ASVS 6.3.5). */
async function tellOfWrongCodes(
  { mailPolicy }: VerifyMfaDeps,
  { tx, browser, now }: Verifying,
  to: EmailAddress,
): Promise<void> {
  const what = 'wrong_codes';
  if (await wasToldToday(tx, { what, to }, now)) return;
  const facts = { what, at: now.toISOString(), address: browser.origin.address ?? null } as const;
  await queueMails(tx, mailPolicy, { mails: [{ kind: 'account_notice', to, facts }], at: now });
}

/** Whoever reads the mailbox learns that one is used up (ASVS 6.3.7). */
async function tellOfRecovery(
  { mailPolicy }: VerifyMfaDeps,
  { tx, browser, reference, now }: Verifying,
  { userId, address }: { userId: string; address: EmailAddress },
): Promise<void> {
  const { origin } = browser;
  const by = { actor: { kind: 'user', userId }, subjectId: userId, reference, origin } as const;
  await recordEvent(tx, { type: 'mfa.recovery_code_used', ...by }, now);
  const facts = {
    what: 'recovery_code_used',
    at: now.toISOString(),
    address: origin.address ?? null,
  } as const;
  await queueMails(tx, mailPolicy, { mails: [{ kind: 'account_notice', to: address, facts }], at: now });
}
