import type { CompanyTx } from '../db/scopes.ts';
import type { DeliveryStatus } from './invitations.ts';

export type Delivery = {
  readonly companyId: string;
  readonly invitationIds: readonly string[];
  readonly status: DeliveryStatus;
  /** The last words of the mail server, or ours, for administrators. */
  readonly error: string | null;
};

const longestError = 300;

/** Notes on invitations what became of their newest mail. */
export async function noteDelivery(
  tx: CompanyTx,
  { companyId, invitationIds, status, error }: Delivery,
): Promise<void> {
  if (invitationIds.length === 0) return;
  await tx
    .updateTable('invitations')
    .set({ delivery_status: status, last_delivery_error: error?.slice(0, longestError) ?? null })
    .where('company_id', '=', companyId)
    .where('id', 'in', invitationIds)
    .execute();
}
