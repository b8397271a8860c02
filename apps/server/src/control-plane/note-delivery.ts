import type { CompanyTx } from '../db/scopes.ts';

/** How far the mail of an invitation has come. `error`: the mail server's last words, made fit to show. */
export type Delivery = {
  readonly companyId: string;
  readonly invitationId: string;
  readonly status: 'sent' | 'suppressed' | 'failed_retryable' | 'failed_terminal';
  readonly error: string | null;
};

/** Tells an invitation what became of the newest mail about it. One that is gone is told nothing. */
export async function noteDelivery(tx: CompanyTx, delivery: Delivery): Promise<void> {
  await tx
    .updateTable('invitations')
    .set({ delivery_status: delivery.status, last_delivery_error: delivery.error })
    .where('company_id', '=', delivery.companyId)
    .where('id', '=', delivery.invitationId)
    .execute();
}

/** Whether anybody may still accept it: what a mail about it is good for. */
export async function isInvitationOpen(
  tx: CompanyTx,
  { companyId, invitationId, at }: { companyId: string; invitationId: string; at: Date },
): Promise<boolean> {
  const open = await tx
    .selectFrom('invitations')
    .select('id')
    .where('company_id', '=', companyId)
    .where('id', '=', invitationId)
    .where('status', '=', 'pending')
    .where('expires_at', '>', at)
    .executeTakeFirst();
  return open !== undefined;
}
