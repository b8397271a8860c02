import type { CompanyTx, SystemTx } from '../db/scopes.ts';
import { enterCompany } from '../db/scopes.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import type { Acted, Change } from './change.ts';
import type { FoundInvitation } from './decide-access.ts';
import type { CompanyRole } from './decide-permission.ts';
import { removeFromDirectory, whyNotPending } from './invitations.ts';
import { holdRole } from './members.ts';
import type { MemberKey } from './members.ts';
import { applyGrants } from './project-members.ts';

/** Invitations to these addresses, in all companies, that nobody accepted, withdrew or declined yet. */
export async function pendingInvitationsFor(
  tx: SystemTx,
  addresses: readonly EmailAddress[],
  at: Date,
): Promise<FoundInvitation[]> {
  if (addresses.length === 0) return [];
  const entries = await tx
    .selectFrom('invitation_addresses')
    .select(['invitation_id', 'company_id'])
    .where('address', 'in', addresses)
    .orderBy('company_id') // the order in which accepting them locks
    .orderBy('invitation_id')
    .execute();
  const found: FoundInvitation[] = [];
  for (const [companyId, ofCompany] of Map.groupBy(entries, (entry) => entry.company_id)) {
    const ids = ofCompany.map((entry) => entry.invitation_id);
    found.push(
      ...(await enterCompany(tx, companyId, (company) =>
        stillPending(company, { companyId, ids, addresses }, at),
      )),
    );
  }
  return found;
}

async function stillPending(
  tx: CompanyTx,
  {
    companyId,
    ids,
    addresses,
  }: { companyId: string; ids: readonly string[]; addresses: readonly EmailAddress[] },
  at: Date,
): Promise<FoundInvitation[]> {
  const rows = await tx
    .selectFrom('invitations')
    .select(['id', 'expires_at'])
    .where('company_id', '=', companyId)
    .where('id', 'in', ids)
    .where('email', 'in', addresses)
    .where('status', '=', 'pending')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ id: row.id, companyId, isExpired: row.expires_at <= at }));
}

export type Acceptance = {
  readonly companyId: string;
  readonly invitationId: string;
  readonly userId: string;
  /** The person's verified addresses; an invitation to any other is not found. */
  readonly addresses: readonly EmailAddress[];
};

/**
 * Makes the person a member and gives what was promised. One statement decides it, so of many at once one succeeds and
 * the others find the invitation accepted. A membership that exists is kept: a role is raised by an invitation, never
 * lowered. A promise in a project that is disabled by now fails; the rest holds.
 */
export async function acceptInvitation(
  tx: CompanyTx,
  acceptance: Acceptance,
  at: Date,
): Promise<Acted<undefined>> {
  const { companyId, invitationId, userId } = acceptance;
  const current = await holdRole(tx, { companyId, userId }); // member before invitation
  const accepted = await markAccepted(tx, acceptance, at);
  if (accepted === undefined) {
    return { outcome: 'refused', reason: await whyNotAcceptable(tx, acceptance) };
  }
  await join(tx, { key: { companyId, userId }, current, invited: accepted.role }, at);
  const grants = await takeUpGrants(tx, acceptance);
  await removeFromDirectory(tx, [invitationId]);
  const details = { email: accepted.email, role: accepted.role, wasMember: current !== undefined, grants };
  const change: Change = { type: 'invitation.accepted', companyId, subjectId: invitationId, details };
  return { outcome: 'done', answer: undefined, changes: [change] };
}

async function markAccepted(
  tx: CompanyTx,
  { companyId, invitationId, userId, addresses }: Acceptance,
  at: Date,
) {
  if (addresses.length === 0) return undefined;
  return await tx
    .updateTable('invitations')
    .set({ status: 'accepted', accepted_at: at, accepted_by: userId })
    .where('company_id', '=', companyId)
    .where('id', '=', invitationId)
    .where('email', 'in', addresses)
    .where('status', '=', 'pending')
    .where('expires_at', '>', at)
    .returning(['email', 'role'])
    .executeTakeFirst();
}

async function whyNotAcceptable(tx: CompanyTx, { companyId, invitationId, addresses }: Acceptance) {
  const own = await tx
    .selectFrom('invitations')
    .select('email')
    .where('company_id', '=', companyId)
    .where('id', '=', invitationId)
    .executeTakeFirst();
  if (own === undefined || !addresses.includes(own.email)) return 'not_found';
  return await whyNotPending(tx, companyId, invitationId);
}

async function join(
  tx: CompanyTx,
  { key, current, invited }: { key: MemberKey; current: CompanyRole | undefined; invited: CompanyRole },
  at: Date,
): Promise<void> {
  if (current === 'admin' || current === invited) return;
  await tx
    .insertInto('members')
    .values({ company_id: key.companyId, user_id: key.userId, role: invited, joined_at: at })
    .onConflict((conflict) =>
      conflict
        .columns(['company_id', 'user_id'])
        .doUpdateSet({ role: 'admin' })
        .where('members.role', '=', 'user')
        .where((row) => row('excluded.role', '=', 'admin')),
    )
    .execute();
}

/** Settles each promised role, and says what became of it. */
async function takeUpGrants(tx: CompanyTx, { companyId, invitationId, userId }: Acceptance) {
  const grants = await tx
    .selectFrom('invitation_grants')
    .select(['project_id as projectId', 'role'])
    .where('company_id', '=', companyId)
    .where('invitation_id', '=', invitationId)
    .where('status', '=', 'pending')
    .orderBy('project_id')
    .execute();
  const failed = await applyGrants(tx, { companyId, userId }, grants);
  const settled = grants.map(
    (grant) => ({ ...grant, status: failed.has(grant.projectId) ? 'failed' : 'applied' }) as const,
  );
  for (const status of ['applied', 'failed'] as const) {
    const projectIds = settled.filter((grant) => grant.status === status).map((grant) => grant.projectId);
    if (projectIds.length === 0) continue;
    await tx
      .updateTable('invitation_grants')
      .set({ status })
      .where('company_id', '=', companyId)
      .where('invitation_id', '=', invitationId)
      .where('project_id', 'in', projectIds)
      .execute();
  }
  return settled;
}
