import type { ProjectRole } from '../control-plane/index.ts';
import type { CompanyTx } from '../db/scopes.ts';
import type { EmailAddress } from '../kernel/email-address.ts';

export type ProjectMemberItem = {
  readonly userId: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly role: ProjectRole;
  /** `inherited`: by administering the company. */
  readonly source: 'direct' | 'inherited';
};

/** The member of this company whose verified address this is. Says nothing of people who are in others. */
export async function memberByAddress(
  tx: CompanyTx,
  companyId: string,
  address: EmailAddress,
): Promise<string | undefined> {
  const found = await tx
    .selectFrom('user_emails')
    .innerJoin('members', 'members.user_id', 'user_emails.user_id')
    .where('members.company_id', '=', companyId)
    .where('user_emails.address', '=', address)
    .select('members.user_id')
    .executeTakeFirst();
  return found?.user_id;
}

/** A member, with the role that counts where this one was given in the project. */
export async function describeMember(
  tx: CompanyTx,
  { companyId, userId, role }: { companyId: string; userId: string; role: ProjectRole },
): Promise<ProjectMemberItem | undefined> {
  const found = await tx
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .leftJoin('user_emails', (join) =>
      join.onRef('user_emails.user_id', '=', 'members.user_id').on('user_emails.is_primary', '=', true),
    )
    .where('members.company_id', '=', companyId)
    .where('members.user_id', '=', userId)
    .select([
      'users.display_name as displayName',
      'user_emails.address as email',
      'members.role as companyRole',
    ])
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const { companyRole, ...person } = found;
  return companyRole === 'admin'
    ? { userId, ...person, role: 'admin', source: 'inherited' }
    : { userId, ...person, role, source: 'direct' };
}
