import { sql } from 'kysely';
import type { CompanyTx } from '../db/scopes.ts';
import type { Row } from '../db/tables.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import { newId } from '../kernel/ids.ts';
import type { Acted, Change } from './change.ts';
import type { CompanyRole } from './decide-permission.ts';
import type { Grant } from './project-members.ts';

export type InvitationStatus = Row<'invitations'>['status'];
export type DeliveryStatus = Row<'invitations'>['delivery_status'];

export type NewInvitations = {
  readonly companyId: string;
  readonly addresses: readonly EmailAddress[];
  readonly role: CompanyRole;
  /** Roles in projects, given when the invitation is accepted. */
  readonly grants: readonly Grant[];
  /** Absent where the operator invites. */
  readonly invitedBy?: string;
  readonly expiresAt: Date;
  /** What becomes of their mails, as far as it is known now. */
  readonly deliveryStatus: DeliveryStatus;
};

type MadeInvitation = { readonly id: string; readonly email: EmailAddress; readonly isNew: boolean };

/**
 * Invites each address that has no invitation pending; where one is, that one is returned, unchanged. Invitations of
 * these addresses that ran out become `expired` first, so that they do not stand in the way.
 */
export async function createInvitations(
  tx: CompanyTx,
  invitations: NewInvitations,
  at: Date,
): Promise<{ made: readonly MadeInvitation[]; changes: readonly Change[] }> {
  const { companyId, role } = invitations;
  const addresses = [...new Set(invitations.addresses)].sort(); // one order for all, so that two batches cannot deadlock
  if (addresses.length === 0) return { made: [], changes: [] };
  const expired = await expirePending(tx, { companyId, addresses }, at);
  const inserted = await insertInvitations(tx, { ...invitations, addresses }, at);
  await attachGrants(tx, invitations, inserted);
  const made = [
    ...inserted.map((invitation) => ({ ...invitation, isNew: true })),
    ...(await pendingFor(tx, companyId, addresses)).filter(
      ({ id }) => !inserted.some((one) => one.id === id),
    ),
  ];
  const created = inserted.map((invitation): Change => {
    const details = { email: invitation.email, role };
    return { type: 'invitation.created', companyId, subjectId: invitation.id, details };
  });
  return { made, changes: [...expired, ...created] };
}

/**
 * Withdraws a pending invitation; one that was withdrawn before stays so. `type` says who did it: the company revoked
 * it, or the person declined.
 */
export async function withdrawInvitation(
  tx: CompanyTx,
  {
    companyId,
    invitationId,
    type,
  }: { companyId: string; invitationId: string; type: 'invitation.revoked' | 'invitation.declined' },
  at: Date,
): Promise<Acted<undefined>> {
  const withdrawn = await tx
    .updateTable('invitations')
    .set({ status: 'revoked' })
    .where('company_id', '=', companyId)
    .where('id', '=', invitationId)
    .where('status', '=', 'pending')
    .where('expires_at', '>', at)
    .returning('email')
    .executeTakeFirst();
  if (withdrawn === undefined) {
    const reason = await whyNotPending(tx, companyId, invitationId);
    return reason === 'invitation_revoked'
      ? { outcome: 'done', answer: undefined }
      : { outcome: 'refused', reason };
  }
  await closeInvitations(tx, { companyId, ids: [invitationId] });
  const change: Change = { type, companyId, subjectId: invitationId, details: { email: withdrawn.email } };
  return { outcome: 'done', answer: undefined, changes: [change] };
}

/** Why an invitation that could not be acted upon could not: it is gone, decided or past its time. */
export async function whyNotPending(
  tx: CompanyTx,
  companyId: string,
  invitationId: string,
): Promise<'not_found' | 'invitation_accepted' | 'invitation_revoked' | 'invitation_expired'> {
  const found = await tx
    .selectFrom('invitations')
    .select('status')
    .where('company_id', '=', companyId)
    .where('id', '=', invitationId)
    .executeTakeFirst();
  if (found === undefined) return 'not_found';
  return found.status === 'pending' ? 'invitation_expired' : `invitation_${found.status}`;
}

/** Takes invitations that are withdrawn or ran out from the directory; what they promised is promised no more. */
async function closeInvitations(
  tx: CompanyTx,
  { companyId, ids }: { companyId: string; ids: readonly string[] },
): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('invitation_grants')
    .set({ status: 'revoked' })
    .where('company_id', '=', companyId)
    .where('invitation_id', 'in', ids)
    .where('status', '=', 'pending')
    .execute();
  await removeFromDirectory(tx, ids);
}

export async function removeFromDirectory(tx: CompanyTx, ids: readonly string[]): Promise<void> {
  await tx.deleteFrom('invitation_addresses').where('invitation_id', 'in', ids).execute();
}

async function expirePending(
  tx: CompanyTx,
  { companyId, addresses }: { companyId: string; addresses: readonly EmailAddress[] },
  at: Date,
): Promise<Change[]> {
  const expired = await tx
    .updateTable('invitations')
    .set({ status: 'expired' })
    .where('company_id', '=', companyId)
    .where('email', 'in', addresses)
    .where('status', '=', 'pending')
    .where('expires_at', '<=', at)
    .returning(['id', 'email'])
    .execute();
  await closeInvitations(tx, { companyId, ids: expired.map(({ id }) => id) });
  return expired.map(({ id, email }) => ({
    type: 'invitation.expired',
    companyId,
    subjectId: id,
    details: { email },
  }));
}

async function insertInvitations(tx: CompanyTx, invitations: NewInvitations, at: Date) {
  const { companyId, role, addresses, expiresAt, deliveryStatus, invitedBy = null } = invitations;
  const rows = addresses.map((email) => ({ id: newId(at), email }));
  const shared = {
    company_id: companyId,
    role,
    status: 'pending',
    invited_by: invitedBy,
    created_at: at,
  } as const;
  const inserted = await tx
    .insertInto('invitations')
    .values(
      rows.map((row) => ({ ...row, ...shared, expires_at: expiresAt, delivery_status: deliveryStatus })),
    )
    .onConflict((conflict) =>
      conflict.columns(['company_id', 'email']).where('status', '=', 'pending').doNothing(),
    )
    .returning(['id', 'email'])
    .execute();
  if (inserted.length === 0) return [];
  await Promise.all([
    tx
      .insertInto('invitation_addresses')
      .values(inserted.map(({ id, email }) => ({ invitation_id: id, company_id: companyId, address: email })))
      .execute(),
    tx
      .insertInto('invitation_companies')
      .values(inserted.map(({ id }) => ({ invitation_id: id, company_id: companyId })))
      .execute(),
  ]);
  return inserted;
}

async function attachGrants(
  tx: CompanyTx,
  { companyId, grants }: NewInvitations,
  inserted: readonly { id: string }[],
): Promise<void> {
  if (inserted.length === 0 || grants.length === 0) return;
  const ids = inserted.map(({ id }) => id);
  const projectIds = grants.map(({ projectId }) => projectId);
  const roles = grants.map(({ role }) => role);
  // Lists, not a row of values for each pair: a statement has no room for more than 65,535 parameters.
  const pairs = sql<never>`
    select ${companyId}::uuid, invitation.id, promised.project_id, promised.role, 'pending'
    from unnest(${ids}::uuid[]) as invitation (id)
    cross join unnest(${projectIds}::uuid[], ${roles}::text[]) as promised (project_id, role)`;
  await tx
    .insertInto('invitation_grants')
    .columns(['company_id', 'invitation_id', 'project_id', 'role', 'status'])
    .expression(pairs)
    .execute();
}

async function pendingFor(
  tx: CompanyTx,
  companyId: string,
  addresses: readonly EmailAddress[],
): Promise<MadeInvitation[]> {
  const rows = await tx
    .selectFrom('invitations')
    .select(['id', 'email'])
    .where('company_id', '=', companyId)
    .where('email', 'in', addresses)
    .where('status', '=', 'pending')
    .execute();
  return rows.map((row) => ({ ...row, isNew: false }));
}
