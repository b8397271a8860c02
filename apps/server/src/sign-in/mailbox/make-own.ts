import { recordEvent } from '../../audit/index.ts';
import type { SystemTx } from '../../db/scopes.ts';
import { adoptAddress, mergeEmptyUser } from '../../identity/index.ts';
import type { User } from '../../identity/index.ts';
import type { EmailAddress } from '../../kernel/email-address.ts';
import { AppError } from '../../kernel/errors.ts';
import { randomToken } from '../../kernel/tokens.ts';
import { queueMails } from '../../mail/index.ts';
import type { MailPolicy } from '../../mail/index.ts';
import { endSessionsOf, rotateSession, startSession } from '../../session/index.ts';
import type { LiveSession, SessionLimits } from '../../session/index.ts';
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

/** The session that goes on from here, perhaps as another account, and its token. */
export type Proved = { readonly session: LiveSession; readonly token: string };

/** The address, which nobody held, becomes the account's own. */
export async function adopt({ tx, prover, now }: Acting, { user, address }: Owning): Promise<void> {
  await adoptAddress(tx, { userId: user.id, address, now });
  const by = { actor: { kind: 'user', userId: user.id }, subjectId: user.id, origin: prover.origin } as const;
  await recordEvent(tx, { type: 'email.proven', ...by, details: { address } }, now);
}

/** @throws AppError `unauthenticated` where the session ended meanwhile: nothing that it asked for has happened. */
export async function rotate(acting: Acting, { user }: Owning): Promise<Proved> {
  const { tx, prover, now } = acting;
  const token = randomToken();
  const rotation = await rotateSession(tx, prover, { token, now });
  if (rotation.outcome === 'over') throw new AppError('unauthenticated');
  await recordRotation(acting, { session: rotation.session, userId: user.id });
  return { session: rotation.session, token };
}

/**
 * The empty account becomes the holder's: what leads to it leads there, its sessions end, this browser goes on as the
 * holder.
 * @throws AppError `unauthenticated` where the session ended meanwhile: nothing that it asked for has happened.
 */
export async function join(acting: Acting, { user, address }: Owning): Promise<Proved> {
  const { tx, prover, now, limits, mailPolicy } = acting;
  const { userId, connectionId, signedInWith, origin } = prover;
  const which = { userId, butFor: prover.id };
  await endSessionsOf(tx, which, { because: 'revoked', limits, now, currentId: prover.id });
  const token = randomToken();
  const started = { token, userId: user.id, connectionId, signedInWith, origin, replaces: prover };
  const { session, gaveWay } = await startSession(tx, started, { limits, now });
  if (!gaveWay.some(({ id }) => id === prover.id)) throw new AppError('unauthenticated');
  await mergeEmptyUser(tx, { userId, heirId: user.id });
  const by = { actor: { kind: 'user', userId: user.id }, subjectId: user.id, origin } as const;
  const details = { address, connection: connectionId, account: userId };
  await recordEvent(tx, { type: 'account.merged', ...by, details }, now);
  await recordEvent(tx, { type: 'identity.linked', ...by, details: { connection: connectionId } }, now);
  await recordRotation(acting, { session, userId: user.id });
  const facts = { provider: connectionId, at: now.toISOString(), address: origin.address ?? null };
  await queueMails(tx, mailPolicy, { mails: [{ kind: 'identity_linked', to: address, facts }], at: now });
  return { session, token };
}

async function recordRotation(
  { tx, prover, now }: Acting,
  { session, userId }: { session: LiveSession; userId: string },
): Promise<void> {
  const by = { actor: { kind: 'user', userId }, origin: prover.origin } as const;
  const details = { connection: session.connectionId };
  await recordEvent(tx, { type: 'session.ended', reason: 'replaced', subjectId: prover.id, ...by }, now);
  await recordEvent(
    tx,
    { type: 'session.started', reason: 'rotated', subjectId: session.id, details, ...by },
    now,
  );
}
