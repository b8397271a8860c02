import { recordEvent } from '../../audit/index.ts';
import type { AuditEvent, AuditEventType, Origin } from '../../audit/index.ts';
import { endMfaChallenges } from '../../credential/index.ts';
import type { SecretSealer } from '../../credential/index.ts';
import { inSystem } from '../../db/scopes.ts';
import type { Database, SystemTx } from '../../db/scopes.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import { queueMails } from '../../mail/index.ts';
import type { AccountNotice, MailPolicy } from '../../mail/index.ts';
import { endSessionsOf, freshUntil } from '../../session/index.ts';
import type { Renewed, RenewSession } from '../own-invitations.ts';
import { readPrimaryAddress } from './security-view.ts';

/** The session in which somebody looks after what leads into their account. */
export type SecureSession = {
  readonly id: string;
  readonly userId: string;
  readonly lineageId: string;
  readonly connectionId: string;
  readonly provedAt: Date;
};

export type Asking = {
  readonly session: SecureSession;
  readonly origin: Origin;
  readonly reference?: string;
};

export type SecurityDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly mailPolicy: MailPolicy;
  readonly sealer: SecretSealer;
  /** Gives a cookie's session another id and token. */
  readonly renew: (session: SecureSession) => RenewSession;
  /** Each counts one try of a person in their browser, or throws `rate_limited`. */
  readonly countTry: (kind: 'step_up' | 'own_password', lineageId: string) => Promise<void>;
};

/** @throws AppError `step_up_required` where its person has not shown for ten minutes that it is them */
export function mustBeFresh({ provedAt }: SecureSession, now: Date): void {
  if (freshUntil({ provedAt }) <= now) throw new AppError('step_up_required');
}

export type Result<T> =
  | { readonly outcome: 'done'; readonly answer: T }
  | { readonly outcome: 'refused'; readonly reason: ErrorCode };

/** A transaction that is committed whichever way it ends: a refusal leaves its record behind and is then thrown. */
export async function decideIn<T>(db: Database, work: (tx: SystemTx) => Promise<Result<T>>): Promise<T> {
  const result = await inSystem(db, work);
  if (result.outcome === 'refused') throw new AppError(result.reason);
  return result.answer;
}

function byOwner({ session: { userId }, origin, reference }: Asking) {
  return { actor: { kind: 'user', userId } as const, origin, ...(reference !== undefined && { reference }) };
}

/** Who did something to their own account, for the trail. */
export function toOneself(asking: Asking) {
  return { ...byOwner(asking), subjectId: asking.session.userId };
}

/** Records why nothing was done. */
export async function refuse(
  tx: SystemTx,
  asking: Asking,
  { type, reason, now }: { type: AuditEventType; reason: ErrorCode; now: Date },
): Promise<{ readonly outcome: 'refused'; readonly reason: ErrorCode }> {
  await recordEvent(tx, { type, result: 'refused', reason, ...toOneself(asking) }, now);
  return { outcome: 'refused', reason };
}

type Done = {
  readonly type: AuditEventType;
  readonly notice: AccountNotice;
  readonly provider?: string;
  readonly details?: AuditEvent['details'];
};

/** Records what was done, and tells the mailbox of the account. */
export async function recordAndTell(
  tx: SystemTx,
  asking: Asking,
  { done, mailPolicy, now }: { done: Done; mailPolicy: MailPolicy; now: Date },
): Promise<void> {
  const { type, notice, provider, details } = done;
  await recordEvent(tx, { type, ...toOneself(asking), ...(details && { details }) }, now);
  const to = await readPrimaryAddress(tx, asking.session.userId);
  if (to === undefined) return;
  const { address = null } = asking.origin;
  const facts = { what: notice, at: now.toISOString(), address, ...(provider !== undefined && { provider }) };
  await queueMails(tx, mailPolicy, { mails: [{ kind: 'account_notice', to, facts }], at: now });
}

/**
 * What leads into the account is another thing from now on: whoever else is in it is not any more, whoever is about to
 * come in with what led there before does not, and the session that asks goes on under another id.
 * @throws AppError `unauthenticated` where that session is over, or was rotated at the same moment: nothing has happened
 */
export async function startAnew(
  tx: SystemTx,
  asking: Asking,
  { renew, now }: Pick<SecurityDeps, 'renew'> & { now: Date },
): Promise<Renewed> {
  const { session } = asking;
  await endMfaChallenges(tx, session.userId, now);
  await endOthers(tx, asking, { now });
  return await goOn(tx, asking, { renew, now });
}

/** Ends the person's other sessions, or those of one connection: idle ones too, for each kind has limits of its own. */
export async function endOthers(
  tx: SystemTx,
  asking: Asking,
  { now, connectionId }: { now: Date; connectionId?: string },
): Promise<void> {
  const { id, userId } = asking.session;
  const which = { userId, butFor: id, ...(connectionId !== undefined && { connectionId }) };
  const because = 'credentials_changed';
  const ended = await endSessionsOf(tx, which, { because, limits: { ttlMs: Infinity }, now, currentId: id });
  const event = { type: 'session.ended', reason: because, ...byOwner(asking) } as const;
  for (const subjectId of ended) await recordEvent(tx, { ...event, subjectId }, now);
}

export async function goOn(
  tx: SystemTx,
  asking: Asking,
  { renew, now }: Pick<SecurityDeps, 'renew'> & { now: Date },
): Promise<Renewed> {
  const renewed = await renew(asking.session)(tx, byOwner(asking), now);
  if (renewed === undefined) throw new AppError('unauthenticated');
  return renewed;
}
