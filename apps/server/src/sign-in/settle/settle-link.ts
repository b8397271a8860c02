import { randomBytes } from 'node:crypto';
import { settleAttempt, writeTrace } from '../../attempt/index.ts';
import type { LinkPurpose } from '../../attempt/index.ts';
import { recordEvent } from '../../audit/index.ts';
import { endLinks } from '../../credential/index.ts';
import type { Database, SystemTx } from '../../db/scopes.ts';
import { inSystem } from '../../db/scopes.ts';
import {
  addIdentity,
  addressesOf,
  adoptAddress,
  findHolder,
  findIdentity,
  lockIdentityAndAddress,
  markIdentitySeen,
  readUser,
} from '../../identity/index.ts';
import type { IdentityKey, KnownIdentity, User } from '../../identity/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { EmailAddress } from '../../kernel/email-address.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import { startTrace } from '../../kernel/trace.ts';
import type { Trace } from '../../kernel/trace.ts';
import { queueMails } from '../../mail/index.ts';
import type { MailPolicy } from '../../mail/index.ts';
import { findSessionById, isContinuedBy, rotateSession } from '../../session/index.ts';
import type { LiveSession } from '../../session/index.ts';
import type { Hold, Proof, Settle, Settled } from '../deps.ts';
import { recordRefusal, stepsOfSignIn } from '../refuse.ts';
import { recordRenewal } from '../renew-session.ts';
import { judgeAccess } from './access.ts';
import type { Access } from './access.ts';
import { decideLinking } from './decide-linking.ts';

export type LinkSettlement = {
  readonly db: Database;
  readonly clock: Clock;
  readonly access: Access;
  readonly mailPolicy: MailPolicy;
  readonly nameOf: (connectionId: string) => string;
  /** Of cookies. */
  readonly hold: Hold;
};

/** What every step of one settlement shares. */
type Linking = LinkSettlement & {
  readonly tx: SystemTx;
  readonly proof: Proof;
  readonly purpose: LinkPurpose;
  readonly trace: Trace;
  readonly now: Date;
};

/** Ends in another way into the account of whoever is signed in. No session is made of it: a cookie's is rotated. */
export function settleLink(deps: LinkSettlement): Settle {
  return (proof) =>
    inSystem(deps.db, async (tx) => {
      const { purpose } = proof.attempt;
      if (purpose.kind !== 'link') throw new Error('an attempt to sign in is settled otherwise');
      const trace = startTrace(deps.clock, proof.trace.steps());
      const linking = { ...deps, tx, proof, purpose, trace, now: deps.clock.now() };
      const bootstrap = await deps.access.readBootstrap(tx);
      const found = await trace.step('account', async () => {
        const facts = await findFacts(linking);
        if (facts.decision.outcome === 'refused') trace.refuse(facts.decision.reason);
        return facts;
      });
      const { decision, user, session } = found;
      if (decision.outcome === 'refused') return await refuse(linking, decision.reason);
      if (session === undefined) throw new Error('a link was decided without a session');
      const access = await trace.step('access', async () => {
        const { email } = proof.proven;
        const entrant = { user, email, ownAddress: found.ownAddress };
        const judged = await judgeAccess(tx, deps.access, { ...entrant, bootstrap, now: linking.now });
        if (judged.decision.outcome === 'refused') trace.refuse(judged.decision.reason);
        return judged.decision;
      });
      if (access.outcome === 'refused') return await refuse(linking, access.reason);
      return await goOn(linking, session, () => write(linking, found));
    });
}

type Facts = {
  readonly decision: ReturnType<typeof decideLinking>;
  readonly key: IdentityKey;
  readonly identity: KnownIdentity | undefined;
  readonly user: User;
  /** The session that goes on. */
  readonly session: LiveSession | undefined;
  /** The address that the identity proves, where it is or becomes the account's. */
  readonly ownAddress: EmailAddress | undefined;
  readonly isAddressFree: boolean;
};

/** Locks the identity, its address and the account, reads the facts, decides. Writes nothing. */
async function findFacts(linking: Linking): Promise<Facts> {
  const { tx, proof, purpose } = linking;
  const { attempt, proven } = proof;
  const { userId } = purpose;
  const key = { connectionId: attempt.connectionId, issuer: proven.issuer, subject: proven.subject };
  const address = proven.email.kind === 'verified' ? proven.email.address : undefined;
  await lockIdentityAndAddress(tx, key, address);
  const identity = await findIdentity(tx, key);
  const holder = address === undefined ? undefined : await findHolder(tx, address, key.connectionId);
  const user = await readUser(tx, userId);
  const session = await findSessionHere(linking);
  const decision = decideLinking({
    isStillThere: session !== undefined,
    leadsTo: identity === undefined ? 'nobody' : identity.userId === userId ? 'oneself' : 'another',
  });
  const isOwn = holder === undefined || holder.userId === userId;
  const ownAddress = isOwn ? address : undefined;
  return { decision, key, identity, user, session, ownAddress, isAddressFree: holder === undefined };
}

/**
 * The session in which it began, or one that followed it here: the same person's, in the same browser. A token pair is not
 * sent along to every callback, so there the attempt's own cookie says that it is the browser, and the session must live.
 */
async function findSessionHere(linking: Linking): Promise<LiveSession | undefined> {
  const { tx, proof, purpose, hold, now } = linking;
  if (purpose.surface === 'tokens') {
    const session = await findSessionById(tx, purpose.sessionId, now);
    return session?.userId === purpose.userId ? session : undefined;
  }
  const token = hold.tokenOf(proof.browser);
  const held = token === undefined ? undefined : await hold.find(tx, token, { limits: hold.limits, now });
  if (held?.userId !== purpose.userId) return undefined;
  return (await isContinuedBy(tx, purpose.sessionId, held)) ? held : undefined;
}

async function write(linking: Linking, { key, identity, user, ownAddress, isAddressFree }: Facts) {
  const { tx, proof, now } = linking;
  const { id: userId } = user;
  const identityId = identity?.id ?? (await addIdentity(tx, userId, { key, now }));
  if (identity !== undefined) await markIdentitySeen(tx, identityId, now);
  if (ownAddress !== undefined && isAddressFree) {
    await adoptAddress(tx, { userId, address: ownAddress, identityId, now });
    await endLinks(tx, { addresses: [ownAddress] }, now); // whoever registered it did not show that it is theirs
  }
  if (identity !== undefined) return; // nothing that anybody would have to be told
  const { origin } = proof.browser;
  const by = { actor: { kind: 'user', userId }, subjectId: userId, origin } as const;
  const { reference } = proof.attempt;
  const details = { connection: key.connectionId, issuer: key.issuer };
  await recordEvent(tx, { type: 'identity.linked', ...by, reference, details }, now);
  const [to] = await addressesOf(tx, userId);
  if (to === undefined) return;
  const provider = linking.nameOf(key.connectionId);
  const facts = { provider, at: now.toISOString(), address: origin.address ?? null };
  await queueMails(tx, linking.mailPolicy, { mails: [{ kind: 'identity_linked', to, facts }], at: now });
}

async function goOn(linking: Linking, held: LiveSession, writeLink: () => Promise<void>): Promise<Settled> {
  const { tx, proof, trace, now, purpose } = linking;
  const { id: attemptId, reference, connectionId, begunAt } = proof.attempt;
  const salt = randomBytes(32);
  const token = linking.hold.derive(proof.browser.secret, salt);
  const session = await trace.step('session', async () => {
    await writeLink();
    return await rotate(linking, held, token);
  });
  const settlement = { outcome: 'succeeded', salt, sessionId: session.id } as const;
  const ended = { endedAt: now, outcome: 'succeeded', code: undefined } as const;
  const isSettled = await settleAttempt(tx, attemptId, { settlement, now });
  await writeTrace(tx, { reference, connectionId, begunAt, ...ended, steps: trace.steps() });
  if (!isSettled) throw new AppError('attempt_invalid', { finding: 'abandoned' });
  const isCookie = session.kind === 'cookie';
  return {
    outcome: 'signed_in',
    session,
    ...(isCookie && { token }),
    purpose,
    steps: trace.timedSteps(),
  };
}

/** What leads into the account has changed: a cookie's session gets another id. A token pair goes on as it is. */
async function rotate({ tx, proof, now }: Linking, held: LiveSession, token: string): Promise<LiveSession> {
  const { userId } = held;
  const rotation = await rotateSession(tx, held, { token, now });
  if (rotation.outcome === 'over') throw new AppError('attempt_invalid', { finding: 'abandoned' });
  const { session } = rotation;
  if (rotation.outcome === 'kept') return session;
  const { origin } = proof.browser;
  const by = { actor: { kind: 'user', userId }, origin, reference: proof.attempt.reference } as const;
  await recordRenewal(tx, { endedId: held.id, session, by }, now);
  return session;
}

async function refuse({ tx, proof, trace, now }: Linking, reason: ErrorCode): Promise<Settled> {
  const { attempt, browser, providerSteps } = proof;
  const { reference, connectionId, begunAt } = attempt;
  const record = { reference, connectionId, begunAt };
  const refusal = { record, attempt, code: reason, finding: reason, trace, browser };
  await recordRefusal(tx, { ...refusal, expectedSteps: stepsOfSignIn(providerSteps) }, now);
  return { outcome: 'refused', reason, reference, steps: trace.timedSteps() };
}
