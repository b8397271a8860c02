import { recordEvent } from '../../audit/index.ts';
import type { Origin } from '../../audit/index.ts';
import {
  acceptInvitation,
  claimFirstAdmin,
  countMemberships,
  decideAccess,
  findCompanyId,
  isFirstAdminClaimed,
  pendingInvitationsFor,
} from '../../control-plane/index.ts';
import type { AccessDecision, AccessFacts, Change, FoundInvitation } from '../../control-plane/index.ts';
import type { SystemTx } from '../../db/scopes.ts';
import { enterCompany, enterPerson } from '../../db/scopes.ts';
import type { User } from '../../identity/index.ts';
import type { EmailAddress } from '../../kernel/email-address.ts';
import { AppError } from '../../kernel/errors.ts';

/** What the deployment says about who may enter. */
export type AccessRules = {
  readonly policy: AccessFacts['policy'];
  /** The one company of this deployment; absent where there are many. */
  readonly company?: OwnCompany;
};

type OwnCompany = { readonly slug: string; readonly onlyBootstrapEmail?: EmailAddress };

type Bootstrap = NonNullable<AccessFacts['bootstrap']>;

/** The rules, and what was read on the way of all who are judged by them. */
export type Access = { readonly policy: AccessRules['policy']; readonly readBootstrap: ReadBootstrap };

export function openAccess(rules: AccessRules, freshness: Freshness): Access {
  return { policy: rules.policy, readBootstrap: openBootstrap(rules, freshness) };
}

/**
 * Answers the company that may still want its first admin. Locks it if so, and therefore comes before every other
 * lock. Nobody becomes first admin twice: once that is over nothing is asked any more, unless everything is forgotten.
 */
function openBootstrap({ company }: AccessRules, freshness: Freshness): ReadBootstrap {
  let closed: { readonly bootstrap: Bootstrap; readonly moment: number } | undefined;
  return async (tx) => {
    if (company === undefined) return undefined;
    if (closed !== undefined && freshness.holds(closed.moment, [])) return closed.bootstrap;
    const moment = freshness.moment();
    const bootstrap = await lockBootstrap(tx, company);
    closed = bootstrap.firstAdminClaimed ? { bootstrap, moment } : undefined;
    return bootstrap;
  };
}

type ReadBootstrap = (tx: SystemTx) => Promise<Bootstrap | undefined>;

/** How long what was read may be repeated: see decision 0012. */
export type Freshness = {
  moment(): number;
  holds(moment: number, subjects: readonly string[]): boolean;
};

async function lockBootstrap(tx: SystemTx, company: OwnCompany): Promise<Bootstrap> {
  const companyId = await findCompanyId(tx, company.slug);
  if (companyId === undefined) throw new AppError('storage_unavailable', { finding: 'company_missing' });
  const firstAdminClaimed = await enterCompany(tx, companyId, (scoped) =>
    isFirstAdminClaimed(scoped, companyId),
  );
  const onlyEmail = company.onlyBootstrapEmail;
  return { companyId, firstAdminClaimed, ...(onlyEmail && { onlyEmail }) };
}

type Judged = {
  readonly decision: AccessDecision;
  readonly invitations: readonly FoundInvitation[];
  /** What the invitations were found by: the address that this sign-in proves. Others wait to be accepted. */
  readonly addresses: readonly EmailAddress[];
  readonly bootstrap: Bootstrap | undefined;
};

export type Entrant = {
  /** Absent where the account is about to be made. */
  readonly user: User | undefined;
  readonly email:
    { readonly kind: 'none' } | { readonly kind: 'claimed' | 'verified'; readonly address: EmailAddress };
  /** The address, where it is proven now and is, or becomes, this account's. */
  readonly ownAddress: EmailAddress | undefined;
  readonly beganOnInvitation?: string | undefined;
};

type Judging = { readonly bootstrap: Bootstrap | undefined; readonly now: Date };

/** Reads the facts, decides. Writes nothing. An address that somebody else holds counts as claimed only. */
export async function judgeAccess(
  tx: SystemTx,
  { policy }: Access,
  { user, email, ownAddress, beganOnInvitation, bootstrap, now }: Entrant & Judging,
): Promise<Judged> {
  const addresses = ownAddress === undefined ? [] : [ownAddress];
  const invitations = await pendingInvitationsFor(tx, addresses, now);
  const decision = decideAccess({
    policy,
    connection: 'platform',
    userStatus: user?.status ?? 'active',
    email:
      email.kind === 'none'
        ? { kind: 'none' }
        : { kind: ownAddress === undefined ? 'claimed' : 'verified', address: email.address },
    memberOf:
      user === undefined ? 0 : await enterPerson(tx, user.id, (own) => countMemberships(own, user.id)),
    oneCompany: bootstrap !== undefined,
    invitations,
    ...(bootstrap && { bootstrap }),
    ...(beganOnInvitation !== undefined && { beganOnInvitation }),
  });
  return { decision, invitations, addresses, bootstrap };
}

/** Where a change came from, for the trail. */
type Cause = { readonly origin: Origin; readonly reference?: string };

/** Writes what was decided: the first admin, and the memberships and grants of accepted invitations. */
export async function grantAccess(
  tx: SystemTx,
  { decision, invitations, addresses, bootstrap }: Judged,
  { userId, cause, now }: { userId: string; cause: Cause; now: Date },
): Promise<void> {
  if (decision.outcome === 'refused') return;
  const changes: Change[] = [];
  if (decision.becomesFirstAdmin && bootstrap !== undefined) {
    const { companyId } = bootstrap;
    const claim = await enterCompany(tx, companyId, (scoped) =>
      claimFirstAdmin(scoped, { companyId, userId }, now),
    );
    if (claim.outcome === 'claimed') changes.push(...claim.changes);
  }
  for (const { id: invitationId, companyId } of invitations.filter(({ id }) =>
    decision.accepts.includes(id),
  )) {
    const acceptance = { companyId, invitationId, userId, addresses };
    const accepted = await enterCompany(tx, companyId, (scoped) => acceptInvitation(scoped, acceptance, now));
    changes.push(...(accepted.changes ?? []));
  }
  const by = { actor: { kind: 'user', userId }, ...cause } as const;
  for (const change of changes) await recordEvent(tx, { ...change, ...by }, now);
}
