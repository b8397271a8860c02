import { enterPerson } from '../db/scopes.ts';
import type { SystemTx } from '../db/scopes.ts';
import type { EmailAddress } from '../kernel/email-address.ts';

/** The person's verified addresses, none of which goes to anybody else before the transaction ends. */
export async function holdOwnAddresses(tx: SystemTx, userId: string): Promise<EmailAddress[]> {
  const rows = await tx
    .selectFrom('user_emails')
    .select('address')
    .where('user_id', '=', userId)
    .forShare()
    .execute();
  return rows.map((row) => row.address);
}

/** Where an invitation to one of the person's verified addresses leads, whatever became of it. */
export async function findOwnInvitation(
  tx: SystemTx,
  {
    userId,
    companyId,
    invitationId,
  }: { userId: string; companyId?: string | undefined; invitationId: string },
): Promise<{ companyId: string } | undefined> {
  return await enterPerson(tx, userId, (person) =>
    person
      .selectFrom('invitations')
      .select('company_id as companyId')
      .where('id', '=', invitationId)
      .where((row) => (companyId === undefined ? row.lit(true) : row('company_id', '=', companyId)))
      .executeTakeFirst(),
  );
}
