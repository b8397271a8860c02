import { sql } from 'kysely';
import type { CompanyTx } from '../db/scopes.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import type { Change } from './change.ts';
import { rank } from './project-members.ts';
import type { Grant } from './project-members.ts';

/**
 * The invitation of this address that is pending and in time; nobody accepts, withdraws or changes it before the
 * transaction ends. Waits for whoever is just doing so.
 */
export async function holdPendingInvitation(
  tx: CompanyTx,
  { companyId, address }: { companyId: string; address: EmailAddress },
  at: Date,
): Promise<string | undefined> {
  const found = await tx
    .selectFrom('invitations')
    .select('id')
    .where('company_id', '=', companyId)
    .where('email', '=', address)
    .where('status', '=', 'pending')
    .where('expires_at', '>', at)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return found?.id;
}

export type AddedGrant = {
  readonly companyId: string;
  readonly invitationId: string;
  readonly email: EmailAddress;
  readonly grant: Grant;
};

/**
 * Promises one more role with an invitation that the caller holds; a promise for the same project that is as high
 * already stays. Returns what changed, if anything did.
 */
export async function addGrant(
  tx: CompanyTx,
  { companyId, invitationId, email, grant }: AddedGrant,
): Promise<readonly Change[]> {
  const { projectId, role } = grant;
  const written = await tx
    .insertInto('invitation_grants')
    .values({
      company_id: companyId,
      invitation_id: invitationId,
      project_id: projectId,
      role,
      status: 'pending',
    })
    .onConflict((conflict) =>
      conflict
        .columns(['company_id', 'invitation_id', 'project_id'])
        .doUpdateSet({ role: (excluded) => excluded.ref('excluded.role') })
        .where(sql<boolean>`${rank('invitation_grants.role')} < ${rank('excluded.role')}`),
    )
    .returning('role')
    .executeTakeFirst();
  if (written === undefined) return [];
  return [
    {
      type: 'invitation.grant_added',
      companyId,
      subjectId: invitationId,
      details: { email, projectId, role },
    },
  ];
}
