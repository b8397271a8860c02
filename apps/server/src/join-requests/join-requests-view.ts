import { containing, pageOf, readCursor } from '../control-plane/index.ts';
import type { Page, PageRequest } from '../control-plane/index.ts';
import type { CompanyTx, SystemTx } from '../db/scopes.ts';
import type { Row } from '../db/tables.ts';
import type { EmailAddress } from '../kernel/email-address.ts';

export type JoinRequestStatus = Row<'join_requests'>['status'];

export type JoinRequestItem = {
  readonly id: string;
  readonly userId: string;
  readonly displayName: string;
  readonly email: EmailAddress | null;
  readonly status: JoinRequestStatus;
  readonly createdAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
};

export type JoinRequestPageRequest = PageRequest & { readonly status?: JoinRequestStatus | undefined };

/** Newest first, decided ones included unless a status is asked for. */
export async function listJoinRequests(
  tx: CompanyTx,
  companyId: string,
  { query = '', cursor, limit, status }: JoinRequestPageRequest,
): Promise<Page<JoinRequestItem>> {
  const after = readCursor(companyId, cursor);
  const pattern = query.trim() === '' ? undefined : containing(query);
  const rows = await requestsOf(tx, companyId)
    .where((row) => (after === undefined ? row.lit(true) : row('join_requests.id', '<', after)))
    .where((row) => (status === undefined ? row.lit(true) : row('join_requests.status', '=', status)))
    .where((row) => {
      if (pattern === undefined) return row.lit(true);
      const address = row.ref('join_requests.email').$castTo<string>();
      return row.or([row('join_requests.display_name', 'ilike', pattern), row(address, 'ilike', pattern)]);
    })
    .orderBy('join_requests.id', 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, { companyId, limit }, ({ key, ...item }) => ({ id: key, ...item }));
}

export async function findJoinRequest(
  tx: CompanyTx,
  { companyId, requestId }: { companyId: string; requestId: string },
): Promise<JoinRequestItem | undefined> {
  const found = await requestsOf(tx, companyId).where('join_requests.id', '=', requestId).executeTakeFirst();
  if (found === undefined) return undefined;
  const { key, ...item } = found;
  return { id: key, ...item };
}

function requestsOf(tx: CompanyTx, companyId: string) {
  return tx
    .selectFrom('join_requests')
    .leftJoin('users', 'users.id', 'join_requests.decided_by')
    .where('join_requests.company_id', '=', companyId)
    .select([
      'join_requests.id as key',
      'join_requests.user_id as userId',
      'join_requests.display_name as displayName',
      'join_requests.email',
      'join_requests.status',
      'join_requests.created_at as createdAt',
      'join_requests.decided_at as decidedAt',
      'users.display_name as decidedBy',
    ]);
}

/** Who asks, as a company is told. */
export async function readAsker(
  tx: SystemTx,
  userId: string,
): Promise<{ displayName: string; email: EmailAddress | undefined }> {
  const asker = await tx
    .selectFrom('users')
    .leftJoin('user_emails', (join) =>
      join.onRef('user_emails.user_id', '=', 'users.id').on('user_emails.is_primary', '=', true),
    )
    .where('users.id', '=', userId)
    .select(['users.display_name as displayName', 'user_emails.address'])
    .executeTakeFirstOrThrow();
  return { displayName: asker.displayName, email: asker.address ?? undefined };
}

/** The names that the answer to a request is told with. */
export async function companyName(tx: CompanyTx, companyId: string): Promise<string> {
  const company = await tx
    .selectFrom('companies')
    .select('name')
    .where('id', '=', companyId)
    .executeTakeFirstOrThrow();
  return company.name;
}
