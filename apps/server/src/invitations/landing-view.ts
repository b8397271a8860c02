import type { CompanyRole, InvitationStatus, ProjectRole } from '../control-plane/index.ts';
import type { CompanyTx, SystemTx } from '../db/scopes.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import { grantsOf } from './invitations-view.ts';

export type ReadInvitation = {
  readonly id: string;
  readonly company: { readonly slug: string; readonly name: string };
  readonly status: InvitationStatus;
  readonly invitedBy: string | null;
  readonly email: EmailAddress;
  readonly role: CompanyRole;
  readonly expiresAt: Date;
  /** By the names of the projects. */
  readonly grants: readonly { readonly project: string; readonly role: ProjectRole }[];
};

/** An invitation for whoever follows its link. What it promises is read only while it can be accepted. */
export async function readLanding(
  tx: CompanyTx,
  { companyId, invitationId, at }: { companyId: string; invitationId: string; at: Date },
): Promise<ReadInvitation | undefined> {
  const found = await tx
    .selectFrom('invitations')
    .innerJoin('companies', 'companies.id', 'invitations.company_id')
    .leftJoin('users', 'users.id', 'invitations.invited_by')
    .where('invitations.company_id', '=', companyId)
    .where('invitations.id', '=', invitationId)
    .select([
      'invitations.id',
      'companies.slug',
      'companies.name',
      'invitations.status',
      'users.display_name as invitedBy',
      'invitations.email',
      'invitations.role',
      'invitations.expires_at as expiresAt',
    ])
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const { slug, name, ...rest } = found;
  const status = rest.status === 'pending' && rest.expiresAt <= at ? 'expired' : rest.status;
  const promised = status === 'pending' ? await grantsOf(tx, companyId, [invitationId]) : [];
  const grants = promised.map(({ name: project, role }) => ({ project, role }));
  return { ...rest, status, company: { slug, name }, grants };
}

export async function hasProven(
  tx: SystemTx,
  { userId, address }: { userId: string; address: EmailAddress },
): Promise<boolean> {
  const own = await tx
    .selectFrom('user_emails')
    .select('address')
    .where('user_id', '=', userId)
    .where('address', '=', address)
    .executeTakeFirst();
  return own !== undefined;
}
