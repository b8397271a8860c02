import { recordEvent } from '../../audit/index.ts';
import { countMemberships } from '../../control-plane/index.ts';
import { hasSecondFactor } from '../../credential/index.ts';
import { enterPerson, inSystem } from '../../db/scopes.ts';
import type { Database, SystemTx } from '../../db/scopes.ts';
import {
  addressesOf,
  decideProof,
  findHolder,
  lockAddress,
  readUser,
  releaseContested,
  tryEmailProof,
  useEmailProof,
} from '../../identity/index.ts';
import type { ProofCodes, User } from '../../identity/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { EmailAddress } from '../../kernel/email-address.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import type { MailPolicy } from '../../mail/index.ts';
import type { LiveSession, SessionLimits } from '../../session/index.ts';
import { grantAccess, judgeAccess } from '../settle/access.ts';
import type { Access } from '../settle/access.ts';
import type { Renewed } from '../renew-session.ts';
import { adopt, join, renew } from './make-own.ts';
import type { Acting } from './make-own.ts';
import type { Prover } from './request-code.ts';

export type ProveMailboxDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly limits: SessionLimits;
  readonly access: Access;
  readonly mailPolicy: MailPolicy;
  readonly codes: ProofCodes;
};

export type ProveMailbox = (asked: {
  prover: LiveSession & Prover;
  proofId: string;
  code: string;
}) => Promise<Renewed>;

type Result =
  | { readonly outcome: 'done'; readonly answer: Renewed }
  | { readonly outcome: 'refused'; readonly reason: ErrorCode };

/**
 * Makes what is proven a person's own, as a sign-in with this address would: it finds the account that holds the
 * address, and takes up the invitations that a sign-in would. All in one transaction; a refusal leaves its record.
 * @throws AppError `code_invalid`, `link_required`, `identity_conflict`, `account_disabled`, or why they may not enter
 */
export function proveMailbox(deps: ProveMailboxDeps): ProveMailbox {
  return async ({ prover, proofId, code }) => {
    const now = deps.clock.now();
    const proved = await inSystem(deps.db, async (tx): Promise<Result> => {
      const proving: Proving = { ...deps, tx, prover, now };
      const bootstrap = await deps.access.readBootstrap(tx);
      const address = await tryEmailProof(tx, { ...prover, id: proofId }, now);
      if (address === undefined || !deps.codes.matches(proofId, code)) {
        return await refuse(proving, { reason: 'code_invalid', details: { proof: proofId } });
      }
      const owner = await findOwner(proving, address);
      if (owner.decision.outcome === 'refused') {
        if (owner.decision.reason === 'identity_conflict') {
          await contest(proving, owner.user, address);
          await useEmailProof(tx, { id: proofId, userId: prover.userId, address }, now); // the next one is another code
        }
        return await refuse(proving, { reason: owner.decision.reason, details: { address } });
      }
      const { user } = owner;
      const entrant = { user, email: { kind: 'verified', address }, ownAddress: address } as const;
      const judged = await judgeAccess(tx, deps.access, { ...entrant, bootstrap, now });
      if (judged.decision.outcome === 'refused') {
        return await refuse(proving, { reason: judged.decision.reason, details: { address } });
      }
      if (!(await useEmailProof(tx, { id: proofId, userId: prover.userId, address }, now))) {
        return await refuse(proving, { reason: 'code_invalid', details: { proof: proofId } });
      }
      if (owner.decision.outcome === 'adopted') await adopt(proving, { user, address });
      const { origin } = prover;
      await grantAccess(tx, judged, { userId: user.id, cause: { origin }, now });
      // Sessions come last in the order of locks.
      const goesOn = owner.decision.outcome === 'joined' ? join : renew;
      return { outcome: 'done', answer: await goesOn(proving, { user, address }) };
    });
    if (proved.outcome === 'refused') throw new AppError(proved.reason);
    return proved.answer;
  };
}

type Proving = ProveMailboxDeps & Acting;
type Owner = { readonly user: User; readonly decision: ReturnType<typeof decideProof> };

/** Locks the address and both accounts, reads the facts, decides. Writes nothing. */
async function findOwner({ tx, prover }: Proving, address: EmailAddress): Promise<Owner> {
  await lockAddress(tx, address);
  const { userId, connectionId } = prover;
  const holder = await findHolder(tx, address, connectionId);
  const isOneself = holder === undefined || holder.userId === userId;
  const accounts = isOneself ? [userId] : [holder.userId, userId].sort(); // one order for all
  const users = new Map<string, User>();
  for (const id of accounts) users.set(id, await readUser(tx, id));
  const user = users.get(holder?.userId ?? userId);
  if (user === undefined) throw new Error('an account that was read is gone');
  if (holder === undefined) return { user, decision: decideProof({ isEmpty: false }) };
  const isEmpty = !isOneself && (await isEmptyAccount(tx, userId));
  const held = {
    isOneself,
    isDisabled: user.status === 'disabled',
    hasOtherIdentityHere: holder.hasOtherIdentityHere,
    hasSecondFactor: await hasSecondFactor(tx, user.id),
  };
  return { user, decision: decideProof({ isEmpty, holder: held }) };
}

async function isEmptyAccount(tx: SystemTx, userId: string): Promise<boolean> {
  if ((await addressesOf(tx, userId)).length > 0) return false;
  return (await enterPerson(tx, userId, (person) => countMemberships(person, userId))) === 0;
}

/** As at a sign-in: the account that held the address keeps everything else, and the next proof finds the address free. */
async function contest({ tx, prover, now }: Proving, holder: User, address: EmailAddress): Promise<void> {
  await releaseContested(tx, holder.id, address);
  const event = {
    type: 'identity.profile_changed',
    reason: 'address_contested',
    subjectId: holder.id,
  } as const;
  await recordEvent(tx, { ...event, actor: { kind: 'nobody' }, origin: prover.origin }, now);
}

async function refuse(
  { tx, prover, now }: Proving,
  { reason, details }: { reason: ErrorCode; details: Record<string, string> },
): Promise<Result> {
  const { userId, origin } = prover;
  const event = {
    type: 'email.proof_refused',
    result: 'refused',
    reason,
    subjectId: userId,
    origin,
  } as const;
  await recordEvent(tx, { ...event, actor: { kind: 'user', userId }, details }, now);
  return { outcome: 'refused', reason };
}
