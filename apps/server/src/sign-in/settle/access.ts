import { recordEvent } from '../../audit/index.ts';
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
import { verifiedAddresses } from '../../identity/index.ts';
import type { User } from '../../identity/index.ts';
import type { EmailAddress } from '../../kernel/email-address.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Proof } from '../deps.ts';

/** What the deployment says about who may enter. */
export type AccessRules = {
  readonly policy: AccessFacts['policy'];
  /** The one company of this deployment; absent where there are many. */
  readonly company?: { readonly slug: string; readonly onlyBootstrapEmail?: EmailAddress };
};

type Bootstrap = NonNullable<AccessFacts['bootstrap']>;

/** The company that may still want its first admin. Locks it if so, and therefore comes before every other lock. */
export async function lockBootstrap(tx: SystemTx, { company }: AccessRules): Promise<Bootstrap | undefined> {
  if (company === undefined) return undefined;
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
  readonly bootstrap: Bootstrap | undefined;
};

/** Reads the facts, decides. Writes nothing. */
export async function judgeAccess(
  tx: SystemTx,
  { policy }: AccessRules,
  {
    proof,
    user,
    bootstrap,
    now,
  }: { proof: Proof; user: User | undefined; bootstrap: Bootstrap | undefined; now: Date },
): Promise<Judged> {
  const { email } = proof.proven;
  const invitations = await pendingInvitationsFor(tx, await addressesOf(tx, proof, user), now);
  const decision = decideAccess({
    policy,
    connection: 'platform',
    userStatus: user?.status ?? 'active',
    email: email.kind === 'none' ? { kind: 'none' } : { kind: email.kind, address: email.address },
    memberOf:
      user === undefined ? 0 : await enterPerson(tx, user.id, (own) => countMemberships(own, user.id)),
    oneCompany: bootstrap !== undefined,
    invitations,
    ...(bootstrap && { bootstrap }),
  });
  return { decision, invitations, bootstrap };
}

/** The verified addresses that the user has, and the one that this sign-in would bring to a new one. */
async function addressesOf(tx: SystemTx, { proven }: Proof, user: User | undefined): Promise<EmailAddress[]> {
  if (user !== undefined) return await verifiedAddresses(tx, user.id);
  return proven.email.kind === 'verified' ? [proven.email.address] : [];
}

/** Writes what was decided: the first admin, and the memberships and grants of accepted invitations. */
export async function grantAccess(
  tx: SystemTx,
  { decision, invitations, bootstrap }: Judged,
  { proof, user, now }: { proof: Proof; user: User; now: Date },
): Promise<void> {
  if (decision.outcome === 'refused') return;
  const userId = user.id;
  const changes: Change[] = [];
  if (decision.becomesFirstAdmin && bootstrap !== undefined) {
    const { companyId } = bootstrap;
    const claim = await enterCompany(tx, companyId, (scoped) =>
      claimFirstAdmin(scoped, { companyId, userId }, now),
    );
    if (claim.outcome === 'claimed') changes.push(...claim.changes);
  }
  const addresses = await verifiedAddresses(tx, userId);
  for (const { id: invitationId, companyId } of invitations.filter(({ id }) =>
    decision.accepts.includes(id),
  )) {
    const acceptance = { companyId, invitationId, userId, addresses };
    const accepted = await enterCompany(tx, companyId, (scoped) => acceptInvitation(scoped, acceptance, now));
    changes.push(...(accepted.changes ?? []));
  }
  const { reference } = proof.attempt;
  const by = { actor: { kind: 'user', userId }, origin: proof.browser.origin, reference } as const;
  for (const change of changes) await recordEvent(tx, { ...change, ...by }, now);
}
