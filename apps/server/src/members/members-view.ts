import { sql } from 'kysely';
import { pageOf, planSearch } from '../control-plane/index.ts';
import type {
  CompanyRole,
  Group,
  Page,
  PageRequest,
  PlannedSearch,
  ProjectRole,
} from '../control-plane/index.ts';
import type { CompanyTx } from '../db/scopes.ts';

type ProjectGrant = { readonly project: string; readonly role: ProjectRole };

export type MemberItem = {
  readonly userId: string;
  readonly displayName: string;
  /** The verified primary address. */
  readonly email: string | null;
  readonly role: CompanyRole;
  readonly joinedAt: Date;
  /** Roles given in projects themselves; only administrators of the company are told. */
  readonly projects?: readonly ProjectGrant[];
};

export type MemberPageRequest = PageRequest & {
  readonly role?: CompanyRole | undefined;
  /** Slug: only who has a role of their own in it. */
  readonly project?: string | undefined;
};

export type Reader = { readonly companyId: string; readonly userId: string; readonly role: CompanyRole };

/** Members in the order in which their accounts were made, or in that of the words that a search found. */
export async function listMembers(
  tx: CompanyTx,
  reader: Reader,
  { role, project, ...page }: MemberPageRequest,
): Promise<Page<MemberItem>> {
  const { companyId } = reader;
  const projectId = project === undefined ? undefined : await projectSeenBy(tx, reader, project);
  if (project !== undefined && projectId === undefined) return { items: [], nextCursor: null };
  const search = {
    companyId,
    groups: [groupOf({ companyId, role, projectId })],
    isEverybody: role === undefined && projectId === undefined,
    filter: [role ?? '', projectId ?? ''].join(' ').trim(),
  };
  const plan = await planSearch(tx, search, page);
  const rows = await pageOfMembers(tx, plan).execute();
  const found = rows.map((row) => ({ ...row, key: plan.keyOf(row) }));
  const shown = pageOf(found, { ...plan, limit: page.limit }, toItem);
  return reader.role === 'admin'
    ? { ...shown, items: await withProjects(tx, companyId, shown.items) }
    : shown;
}

/** The members that were found, one more than a page, in order. */
export function pageOfMembers(tx: CompanyTx, { companyId, hits, order }: PlannedSearch) {
  return membersOf(tx, companyId)
    .innerJoin(hits.as('hit'), 'hit.userId', 'members.user_id')
    .select('hit.word')
    .orderBy(order);
}

export async function findMember(
  tx: CompanyTx,
  { companyId, userId }: { companyId: string; userId: string },
): Promise<MemberItem | undefined> {
  const found = await membersOf(tx, companyId).where('members.user_id', '=', userId).execute();
  return (await withProjects(tx, companyId, found))[0];
}

/** Whoever has no role in a project is told the same whether or not it exists. */
async function projectSeenBy(
  tx: CompanyTx,
  { companyId, userId, role }: Reader,
  slug: string,
): Promise<string | undefined> {
  const found = await tx
    .selectFrom('projects')
    .leftJoin('project_members', (join) =>
      join
        .onRef('project_members.project_id', '=', 'projects.id')
        .on('project_members.company_id', '=', companyId)
        .on('project_members.user_id', '=', userId),
    )
    .where('projects.company_id', '=', companyId)
    .where('projects.slug', '=', slug)
    .select(['projects.id', 'project_members.role as ownRole'])
    .executeTakeFirst();
  return found === undefined || (role !== 'admin' && found.ownRole === null) ? undefined : found.id;
}

type Filter = {
  readonly companyId: string;
  readonly role: CompanyRole | undefined;
  readonly projectId: string | undefined;
};

function groupOf({ companyId, role, projectId }: Filter): Group {
  if (projectId === undefined) {
    const withRole = role === undefined ? sql`` : sql`and person.role = ${role}`;
    return sql`members person where person.company_id = ${companyId} ${withRole}`;
  }
  const alsoWithRole =
    role === undefined
      ? sql``
      : sql`and exists (select from members m
          where m.company_id = ${companyId} and m.user_id = person.user_id and m.role = ${role})`;
  return sql`project_members person
    where person.company_id = ${companyId} and person.project_id = ${projectId} ${alsoWithRole}`;
}

type MemberRow = Awaited<ReturnType<ReturnType<typeof membersOf>['executeTakeFirstOrThrow']>>;

function toItem({ userId, displayName, email, role, joinedAt }: MemberRow): MemberItem {
  return { userId, displayName, email, role, joinedAt };
}

async function withProjects(
  tx: CompanyTx,
  companyId: string,
  members: readonly MemberItem[],
): Promise<MemberItem[]> {
  if (members.length === 0) return [];
  const ids = members.map(({ userId }) => userId);
  const grants = await tx
    .selectFrom('project_members')
    .innerJoin('projects', (join) =>
      join.onRef('projects.id', '=', 'project_members.project_id').on('projects.company_id', '=', companyId),
    )
    .where('project_members.company_id', '=', companyId)
    .where('project_members.user_id', 'in', ids)
    .select(['project_members.user_id as userId', 'projects.slug as project', 'project_members.role'])
    .orderBy('projects.slug')
    .execute();
  const byMember = Map.groupBy(grants, ({ userId }) => userId);
  return members.map((member) => ({
    ...member,
    projects: (byMember.get(member.userId) ?? []).map(({ project, role }) => ({ project, role })),
  }));
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
      'members.user_id as userId',
      'users.display_name as displayName',
      'user_emails.address as email',
      'members.role',
      'members.joined_at as joinedAt',
    ]);
}
