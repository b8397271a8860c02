import { recordEvent } from '../../audit/index.ts';
import type { Origin } from '../../audit/index.ts';
import { inSystem } from '../../db/scopes.ts';
import type { Database } from '../../db/scopes.ts';
import { beginEmailProof, lockAddress, readUser } from '../../identity/index.ts';
import type { EmailProof } from '../../identity/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import { domainOf, parseEmailAddress } from '../../kernel/email-address.ts';
import { AppError } from '../../kernel/errors.ts';
import type { SignInPolicy } from '../../control-plane/index.ts';
import { queueMails } from '../../mail/index.ts';
import type { MailPolicy } from '../../mail/index.ts';

/** The signed-in browser in which somebody proves a mailbox. */
export type Prover = {
  readonly id: string;
  readonly lineageId: string;
  readonly userId: string;
  readonly connectionId: string;
  readonly origin: Origin;
};

export type RequestCodeDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly policy: SignInPolicy;
  readonly mailPolicy: MailPolicy;
};

/**
 * Sends a code to a mailbox, whoever holds the address: the answer tells nobody.
 * @throws AppError `email_invalid`, `email_domain_not_allowed`, `mail_not_configured`, `rate_limited`, `mail_not_queued`
 */
export async function requestCode(
  { db, clock, policy, mailPolicy }: RequestCodeDeps,
  { prover, email }: { prover: Prover; email: string },
): Promise<EmailProof> {
  const address = parseEmailAddress(email);
  if (address === undefined) throw new AppError('email_invalid');
  if (policy.kind === 'restricted' && !policy.allowedDomains.includes(domainOf(address)))
    throw new AppError('email_domain_not_allowed');
  if (mailPolicy.kind !== 'smtp') throw new AppError('mail_not_configured');
  const now = clock.now();
  const { userId, origin } = prover;
  return await inSystem(db, async (tx) => {
    await lockAddress(tx, address);
    const { displayName } = await readUser(tx, userId); // in their turn, so that nobody asks twice at once
    const begun = await beginEmailProof(tx, { ...prover, address }, now);
    if (begun.outcome === 'too_many') {
      const { retryAfterSeconds } = begun;
      throw new AppError('rate_limited', { finding: 'email_proofs', retryAfterSeconds });
    }
    const { proof } = begun;
    const facts = { proofId: proof.id, askedBy: displayName, expiresAt: proof.expiresAt.toISOString() };
    const mail = { kind: 'email_proof', to: address, subjectId: proof.id, facts } as const;
    const [queued] = await queueMails(tx, mailPolicy, { mails: [mail], at: now });
    if (queued !== 'pending') throw new AppError('mail_not_queued');
    const event = { type: 'email.proof_requested', subjectId: userId, origin } as const;
    await recordEvent(tx, { ...event, actor: { kind: 'user', userId }, details: { address } }, now);
    return proof;
  });
}
