import { containing, pageOf, readCursor } from '../control-plane/index.ts';
import type {
  CompanyRole,
  DeliveryStatus,
  InvitationStatus,
  Page,
  PageRequest,
  ProjectRole,
} from '../control-plane/index.ts';
import type { CompanyTx } from '../db/scopes.ts';
import type { EmailAddress } from '../kernel/email-address.ts';

export type InvitationItem = {
  readonly id: string;
  readonly email: EmailAddress;
  readonly role: CompanyRole;
  /** `expired` as soon as its time is over, whatever the row still says. */
  readonly status: InvitationStatus;
  readonly grants: readonly { readonly project: string; readonly role: ProjectRole }[];
  /** The name of a member who invited; null where it was the operator, or somebody who has left. */
  readonly invitedBy: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly acceptedAt: Date | null;
  readonly deliveryStatus: DeliveryStatus;
  readonly lastDeliveryError: string | null;
};

export type InvitationPageRequest = PageRequest & { readonly status?: InvitationStatus | undefined };

/** Newest first, decided and expired ones included. */
export async function listInvitations(
  tx: CompanyTx,
  { companyId, at }: { companyId: string; at: Date },
  { query = '', cursor, limit, status }: InvitationPageRequest,
): Promise<Page<InvitationItem>> {
  const after = readCursor(companyId, cursor);
  const pattern = query.trim() === '' ? undefined : containing(query);
  const rows = await invitationsOf(tx, companyId)
    .where((row) => (after === undefined ? row.lit(true) : row('invitations.id', '<', after)))
    .where((row) =>
      pattern === undefined
        ? row.lit(true)
        : row(row.ref('invitations.email').$castTo<string>(), 'ilike', pattern),
    )
    .where((row) => {
      if (status === undefined) return row.lit(true);
      const isPending = row('invitations.status', '=', 'pending');
      if (status === 'pending') return row.and([isPending, row('invitations.expires_at', '>', at)]);
      const isDecided = row('invitations.status', '=', status);
      if (status !== 'expired') return isDecided;
      return row.or([isDecided, row.and([isPending, row('invitations.expires_at', '<=', at)])]);
    })
    .orderBy('invitations.id', 'desc')
    .limit(limit + 1)
    .execute();
  const grants = await grantsOf(
    tx,
    companyId,
    rows.slice(0, limit).map((row) => row.key),
  );
  return pageOf(rows, { companyId, limit }, (row) => toItem(row, grants, at));
}

export async function findInvitations(
  tx: CompanyTx,
  { companyId, at }: { companyId: string; at: Date },
  ids: readonly string[],
): Promise<ReadonlyMap<string, InvitationItem>> {
  if (ids.length === 0) return new Map();
  const rows = await invitationsOf(tx, companyId).where('invitations.id', 'in', ids).execute();
  const grants = await grantsOf(tx, companyId, ids);
  return new Map(rows.map((row) => [row.key, toItem(row, grants, at)]));
}

/** Which of the addresses belong to members of this company. Says nothing of people who are in others. */
export async function addressesOfMembers(
  tx: CompanyTx,
  companyId: string,
  addresses: readonly EmailAddress[],
): Promise<ReadonlySet<EmailAddress>> {
  if (addresses.length === 0) return new Set();
  const rows = await tx
    .selectFrom('user_emails')
    .innerJoin('members', 'members.user_id', 'user_emails.user_id')
    .where('members.company_id', '=', companyId)
    .where('user_emails.address', 'in', addresses)
    .select('user_emails.address')
    .execute();
  return new Set(rows.map((row) => row.address));
}

/** What a mail tells of the company and of who invites. */
export async function wordsForMail(
  tx: CompanyTx,
  { companyId, userId }: { companyId: string; userId: string },
): Promise<{ company: string; inviter: string }> {
  const [company, inviter] = await Promise.all([
    tx.selectFrom('companies').select('name').where('id', '=', companyId).executeTakeFirstOrThrow(),
    tx.selectFrom('users').select('display_name').where('id', '=', userId).executeTakeFirstOrThrow(),
  ]);
  return { company: company.name, inviter: inviter.display_name };
}

export async function namesOfProjects(
  tx: CompanyTx,
  companyId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('projects')
    .select(['id', 'name'])
    .where('company_id', '=', companyId)
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function invitationsOf(tx: CompanyTx, companyId: string) {
  return tx
    .selectFrom('invitations')
    .leftJoin('users', 'users.id', 'invitations.invited_by')
    .where('invitations.company_id', '=', companyId)
    .select([
      'invitations.id as key',
      'invitations.email',
      'invitations.role',
      'invitations.status',
      'users.display_name as invitedBy',
      'invitations.created_at as createdAt',
      'invitations.expires_at as expiresAt',
      'invitations.accepted_at as acceptedAt',
      'invitations.delivery_status as deliveryStatus',
      'invitations.last_delivery_error as lastDeliveryError',
    ]);
}

/** What each of these invitations promises, by the short names of projects and by their names. */
export async function grantsOf(tx: CompanyTx, companyId: string, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return await tx
    .selectFrom('invitation_grants')
    .innerJoin('projects', (join) =>
      join
        .onRef('projects.id', '=', 'invitation_grants.project_id')
        .onRef('projects.company_id', '=', 'invitation_grants.company_id'),
    )
    .where('invitation_grants.company_id', '=', companyId)
    .where('invitation_grants.invitation_id', 'in', ids)
    .select([
      'invitation_grants.invitation_id as invitationId',
      'projects.slug as project',
      'projects.name',
      'invitation_grants.role',
    ])
    .orderBy('projects.slug')
    .execute();
}

type InvitationRow = Awaited<ReturnType<ReturnType<typeof invitationsOf>['executeTakeFirstOrThrow']>>;

function toItem(
  { key, ...row }: InvitationRow,
  grants: Awaited<ReturnType<typeof grantsOf>>,
  at: Date,
): InvitationItem {
  return {
    id: key,
    ...row,
    status: row.status === 'pending' && row.expiresAt <= at ? 'expired' : row.status,
    grants: grants
      .filter(({ invitationId }) => invitationId === key)
      .map(({ project, role }) => ({ project, role })),
  };
}
