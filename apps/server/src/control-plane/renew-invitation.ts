import type { CompanyTx, SystemTx } from '../db/scopes.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import type { Acted, Change } from './change.ts';
import type { Grant } from './project-members.ts';
import { whyNotPending } from './invitations.ts';
import type { DeliveryStatus } from './invitations.ts';

type Renewal = {
  readonly companyId: string;
  readonly invitationId: string;
  readonly expiresAt: Date;
  readonly deliveryStatus: DeliveryStatus;
};

/** What a new mail of an invitation tells. */
export type RenewedInvitation = { readonly email: EmailAddress; readonly grants: readonly Grant[] };

/** Gives an invitation that is still pending its whole time again; what it promises stays. Its mail is to follow. */
export async function renewInvitation(
  tx: CompanyTx,
  { companyId, invitationId, expiresAt, deliveryStatus }: Renewal,
  at: Date,
): Promise<Acted<RenewedInvitation>> {
  const renewed = await tx
    .updateTable('invitations')
    .set({ expires_at: expiresAt, delivery_status: deliveryStatus, last_delivery_error: null })
    .where('company_id', '=', companyId)
    .where('id', '=', invitationId)
    .where('status', '=', 'pending')
    .where('expires_at', '>', at)
    .returning('email')
    .executeTakeFirst();
  if (renewed === undefined) {
    return { outcome: 'refused', reason: await whyNotPending(tx, companyId, invitationId) };
  }
  const grants = await tx
    .selectFrom('invitation_grants')
    .select(['project_id as projectId', 'role'])
    .where('company_id', '=', companyId)
    .where('invitation_id', '=', invitationId)
    .execute();
  const details = { email: renewed.email, expiresAt: expiresAt.toISOString() };
  const change: Change = { type: 'invitation.resent', companyId, subjectId: invitationId, details };
  return { outcome: 'done', answer: { email: renewed.email, grants }, changes: [change] };
}

/** Which company an invitation is of; undefined where there is none of this id. */
export async function findInvitationCompany(tx: SystemTx, invitationId: string): Promise<string | undefined> {
  const found = await tx
    .selectFrom('invitation_companies')
    .select('company_id')
    .where('invitation_id', '=', invitationId)
    .executeTakeFirst();
  return found?.company_id;
}
