import { recordEvent } from '../../audit/index.ts';
import { endLinks } from '../../credential/index.ts';
import type { SystemTx } from '../../db/scopes.ts';
import { adoptAddress, mergeEmptyUser } from '../../identity/index.ts';
import type { User } from '../../identity/index.ts';
import type { EmailAddress } from '../../kernel/email-address.ts';
import { AppError } from '../../kernel/errors.ts';
import { randomToken } from '../../kernel/tokens.ts';
import { queueMails } from '../../mail/index.ts';
import type { MailPolicy } from '../../mail/index.ts';
import { endSessionsOf, startSession } from '../../session/index.ts';
import type { LiveSession, SessionLimits } from '../../session/index.ts';
import { recordRenewal, renewSession } from '../renew-session.ts';
import type { Renewed } from '../renew-session.ts';
import type { Prover } from './request-code.ts';

/** What every write after a proof shares. */
export type Acting = {
  readonly tx: SystemTx;
  readonly prover: LiveSession & Prover;
  readonly now: Date;
  readonly limits: SessionLimits;
  readonly mailPolicy: MailPolicy;
};

/** Whose the mailbox is from now on. */
type Owning = { readonly user: User; readonly address: EmailAddress };

/** The address, which nobody held, becomes the account's own. */
export async function adopt({ tx, prover, now }: Acting, { user, address }: Owning): Promise<void> {
  await adoptAddress(tx, { userId: user.id, address, now });
  await endLinks(tx, { addresses: [address] }, now); // whoever registered it has not shown that it is theirs
  const by = { actor: { kind: 'user', userId: user.id }, subjectId: user.id, origin: prover.origin } as const;
  await recordEvent(tx, { type: 'email.proven', ...by, details: { address } }, now);
}

/** @throws AppError `unauthenticated` where the session ended meanwhile: nothing that it asked for has happened. */
export async function renew({ tx, prover, now }: Acting, { user }: Owning): Promise<Renewed> {
  const by = { actor: { kind: 'user', userId: user.id }, origin: prover.origin } as const;
  const renewed = await renewSession(tx, { id: prover.id, userId: user.id, by }, now);
  if (renewed === undefined) throw new AppError('unauthenticated');
  return renewed;
}

/**
 * The empty account becomes the holder's: what leads to it leads there, its sessions end, this browser goes on as the
 * holder.
 * @throws AppError `unauthenticated` where the session ended meanwhile: nothing that it asked for has happened.
 */
export async function join(acting: Acting, { user, address }: Owning): Promise<Renewed> {
  const { tx, prover, now, limits, mailPolicy } = acting;
  const { userId, connectionId, origin } = prover;
  const which = { userId, butFor: prover.id };
  await endSessionsOf(tx, which, { because: 'revoked', limits, now, currentId: prover.id });
  const goesOn = await goOnAs(acting, user);
  await mergeEmptyUser(tx, { userId, heirId: user.id });
  const by = { actor: { kind: 'user', userId: user.id }, subjectId: user.id, origin } as const;
  const details = { address, connection: connectionId, account: userId };
  await recordEvent(tx, { type: 'account.merged', ...by, details }, now);
  await recordEvent(tx, { type: 'identity.linked', ...by, details: { connection: connectionId } }, now);
  const facts = { provider: connectionId, at: now.toISOString(), address: origin.address ?? null };
  await queueMails(tx, mailPolicy, { mails: [{ kind: 'identity_linked', to: address, facts }], at: now });
  return goesOn;
}

/** A cookie's session gives way to one of the heir's; a token pair becomes theirs with all else that led to the account. */
async function goOnAs({ tx, prover, now, limits }: Acting, { id: userId }: User): Promise<Renewed> {
  const { kind, connectionId, signedInWith, origin } = prover;
  const by = { actor: { kind: 'user', userId }, origin } as const;
  if (kind === 'tokens') {
    const kept = await renewSession(tx, { id: prover.id, userId: prover.userId, by }, now);
    if (kept === undefined) throw new AppError('unauthenticated');
    return { session: { ...kept.session, userId }, token: undefined };
  }
  const token = randomToken();
  const started = { kind, token, userId, connectionId, signedInWith, origin, replaces: prover };
  const { session, gaveWay } = await startSession(tx, started, { limits, now });
  if (!gaveWay.some(({ id }) => id === prover.id)) throw new AppError('unauthenticated');
  await recordRenewal(tx, { endedId: prover.id, session, by }, now);
  return { session, token };
}
