import { recordEvent } from '../../audit/index.ts';
import type { Origin } from '../../audit/index.ts';
import type { SignInPolicy } from '../../control-plane/index.ts';
import { inSystem } from '../../db/scopes.ts';
import type { Database, SystemTx } from '../../db/scopes.ts';
import { addressesOf } from '../../identity/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import { domainOf } from '../../kernel/email-address.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import { queueMails } from '../../mail/index.ts';
import type { MailPolicy } from '../../mail/index.ts';
import { endSessionsOf, refresh } from '../../session/index.ts';
import type { EndedBecause, LiveSession, RefreshKey, SessionLimits } from '../../session/index.ts';

export type RefreshDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly limits: SessionLimits;
  readonly keys: readonly RefreshKey[];
  readonly policy: SignInPolicy;
  /** Whether people still sign in by this connection. */
  readonly isWayIn: (connectionId: string) => boolean;
  readonly mailPolicy: MailPolicy;
};

type Asked = { readonly token: string; readonly origin: Origin };

/**
 * Answers a refresh token with the session it leads to and the token to hold from now on. One that was replaced too long
 * ago ends its whole family, and so does whatever would not let its person in today.
 * @throws AppError `unauthenticated`, `refresh_reused`, `email_domain_not_allowed`, `email_unverified`, `provider_unknown`,
 * `password_sign_in_disabled`
 */
export async function refreshSession(
  deps: RefreshDeps,
  { token, origin }: Asked,
): Promise<{ readonly session: LiveSession; readonly token: string }> {
  const now = deps.clock.now();
  const refreshed = await refresh(deps.db, { token, keys: deps.keys, now });
  if (refreshed.outcome === 'dead') throw new AppError('unauthenticated');
  if (refreshed.outcome === 'reused') {
    const { sessionId, userId } = refreshed;
    await endFamily(deps, { sessionId, userId, origin, because: 'refresh_reused', now });
    throw new AppError('refresh_reused');
  }
  const { session } = refreshed;
  const refusal = await refusalOf(deps, session);
  if (refusal === undefined) return { session, token: refreshed.token };
  const { id: sessionId, userId } = session;
  await endFamily(deps, { sessionId, userId, origin, because: 'not_allowed', now });
  throw new AppError(refusal);
}

/** What was allowed at the sign-in may not be today: the configuration may have changed since. */
async function refusalOf(
  { db, policy, isWayIn }: RefreshDeps,
  { userId, connectionId }: LiveSession,
): Promise<ErrorCode | undefined> {
  if (!isWayIn(connectionId))
    return connectionId === 'password' ? 'password_sign_in_disabled' : 'provider_unknown';
  if (policy.kind !== 'restricted') return undefined;
  const addresses = await inSystem(db, (tx) => addressesOf(tx, userId));
  if (addresses.length === 0) return 'email_unverified';
  const isAllowed = addresses.some((address) => policy.allowedDomains.includes(domainOf(address)));
  return isAllowed ? undefined : 'email_domain_not_allowed';
}

type Ending = {
  readonly sessionId: string;
  readonly userId: string;
  readonly origin: Origin;
  readonly because: EndedBecause;
  readonly now: Date;
};

async function endFamily(deps: RefreshDeps, ending: Ending): Promise<void> {
  const { sessionId: id, userId, origin, because, now } = ending;
  await inSystem(deps.db, async (tx) => {
    const during = { because, limits: deps.limits, now, currentId: null };
    const ended = await endSessionsOf(tx, { userId, id }, during);
    if (ended.length === 0) return; // by somebody else at the same moment, who has told of it
    const by = { actor: { kind: 'nobody' }, subjectId: id, origin } as const;
    await recordEvent(tx, { type: 'session.ended', reason: because, ...by }, now);
    if (because === 'refresh_reused') await tellOfReuse(tx, deps, ending);
  });
}

async function tellOfReuse(
  tx: SystemTx,
  { mailPolicy }: RefreshDeps,
  { sessionId: subjectId, userId, origin, now }: Ending,
): Promise<void> {
  const event = { type: 'session.refresh_reused', result: 'refused', actor: { kind: 'nobody' } } as const;
  await recordEvent(tx, { ...event, subjectId, origin }, now);
  const [to] = await addressesOf(tx, userId);
  if (to === undefined) return;
  const { address = null } = origin;
  const facts = { what: 'refresh_reused', at: now.toISOString(), address } as const;
  await queueMails(tx, mailPolicy, { mails: [{ kind: 'account_notice', to, facts }], at: now });
}
