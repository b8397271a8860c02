import { containing, pageOf, readCursor } from '../control-plane/index.ts';
import type { CompanyRole, Page, PageRequest } from '../control-plane/index.ts';
import type { CompanyTx } from '../db/scopes.ts';

export type MemberItem = {
  readonly userId: string;
  readonly displayName: string;
  /** The verified primary address. */
  readonly email: string | null;
  readonly role: CompanyRole;
  readonly joinedAt: Date;
};

/** Members in the order in which their accounts were made: the primary key's, so that each page costs the same. */
export async function listMembers(
  tx: CompanyTx,
  companyId: string,
  page: PageRequest,
): Promise<Page<MemberItem>> {
  const rows = await pageOfMembers(tx, companyId, page).execute();
  return pageOf(rows, { companyId, limit: page.limit }, ({ key, ...item }) => ({ userId: key, ...item }));
}

export function pageOfMembers(tx: CompanyTx, companyId: string, { query = '', cursor, limit }: PageRequest) {
  const after = readCursor(companyId, cursor);
  const pattern = query.trim() === '' ? undefined : containing(query);
  return membersOf(tx, companyId)
    .where((row) => (after === undefined ? row.lit(true) : row('members.user_id', '>', after)))
    .where((row) => {
      if (pattern === undefined) return row.lit(true);
      const address = row.ref('user_emails.address').$castTo<string>();
      return row.or([row('users.display_name', 'ilike', pattern), row(address, 'ilike', pattern)]);
    })
    .orderBy('members.user_id')
    .limit(limit + 1);
}

export async function findMember(
  tx: CompanyTx,
  { companyId, userId }: { companyId: string; userId: string },
): Promise<MemberItem | undefined> {
  const found = await membersOf(tx, companyId).where('members.user_id', '=', userId).executeTakeFirst();
  if (found === undefined) return undefined;
  const { key, ...item } = found;
  return { userId: key, ...item };
}

function membersOf(tx: CompanyTx, companyId: string) {
  return tx
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .leftJoin('user_emails', (join) =>
      join.onRef('user_emails.user_id', '=', 'members.user_id').on('user_emails.is_primary', '=', true),
    )
    .where('members.company_id', '=', companyId)
    .select([
      'members.user_id as key',
      'users.display_name as displayName',
      'user_emails.address as email',
      'members.role',
      'members.joined_at as joinedAt',
    ]);
}
