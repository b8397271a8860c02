import { sql } from 'kysely';
import { containing, pageOf, planSearch, readCursor } from '../control-plane/index.ts';
import type { CompanyRole, Page, PageRequest, Project, ProjectRole } from '../control-plane/index.ts';
import type { CompanyTx } from '../db/scopes.ts';

type Reader = { readonly companyId: string; readonly userId: string; readonly role: CompanyRole };

/** All projects for an administrator of the company; for others those that they have a role in. Oldest first. */
export async function listProjects(
  tx: CompanyTx,
  { companyId, userId, role }: Reader,
  { query = '', cursor, limit }: PageRequest,
): Promise<Page<Project>> {
  const after = readCursor(companyId, cursor);
  const pattern = query.trim() === '' ? undefined : containing(query);
  const rows = await tx
    .selectFrom('projects')
    .select(['id as key', 'slug', 'name', 'status', 'created_at as createdAt'])
    .where('company_id', '=', companyId)
    .where((row) => {
      if (role === 'admin') return row.lit(true);
      const own = row.selectFrom('project_members').select('project_id').where('user_id', '=', userId);
      return row('id', 'in', own.where('company_id', '=', companyId));
    })
    .where((row) => (after === undefined ? row.lit(true) : row('id', '>', after)))
    .where((row) =>
      pattern === undefined
        ? row.lit(true)
        : row.or([row('name', 'ilike', pattern), row('slug', 'ilike', pattern)]),
    )
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, { companyId, limit }, ({ key, ...project }) => ({ id: key, ...project }));
}

export type ProjectMemberItem = {
  readonly userId: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly role: ProjectRole;
  /** `inherited`: by administering the company. */
  readonly source: 'direct' | 'inherited';
};

type Place = { readonly companyId: string; readonly projectId: string };

/** Everybody who may work on the project, with the role that counts. */
export async function listProjectMembers(
  tx: CompanyTx,
  place: Place,
  page: PageRequest,
): Promise<Page<ProjectMemberItem>> {
  const { companyId, projectId } = place;
  const direct = sql`project_members person
    where person.company_id = ${companyId} and person.project_id = ${projectId}`;
  const inherited = sql`members person where person.company_id = ${companyId} and person.role = 'admin'`;
  const search = { companyId, groups: [direct, inherited], isEverybody: false, filter: projectId };
  const plan = await planSearch(tx, search, page);
  const rows = await projectMembers(tx, place)
    .innerJoin(plan.hits.as('hit'), 'hit.userId', 'members.user_id')
    .select('hit.word')
    .orderBy(plan.order)
    .execute();
  const found = rows.map((row) => ({ ...row, key: plan.keyOf(row) }));
  return pageOf(found, { ...plan, limit: page.limit }, toItem);
}

export async function findProjectMember(
  tx: CompanyTx,
  { userId, ...place }: Place & { userId: string },
): Promise<ProjectMemberItem | undefined> {
  const found = await projectMembers(tx, place)
    .where('members.user_id', '=', userId)
    .where((row) => row.or([row('members.role', '=', 'admin'), row('project_members.role', 'is not', null)]))
    .executeTakeFirst();
  return found === undefined ? undefined : toItem(found);
}

function projectMembers(tx: CompanyTx, { companyId, projectId }: Place) {
  return tx
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .leftJoin('user_emails', (join) =>
      join.onRef('user_emails.user_id', '=', 'members.user_id').on('user_emails.is_primary', '=', true),
    )
    .leftJoin('project_members', (join) =>
      join
        .onRef('project_members.user_id', '=', 'members.user_id')
        .on('project_members.company_id', '=', companyId)
        .on('project_members.project_id', '=', projectId),
    )
    .where('members.company_id', '=', companyId)
    .select([
      'members.user_id as userId',
      'users.display_name as displayName',
      'user_emails.address as email',
      'members.role as companyRole',
      'project_members.role as directRole',
    ]);
}

type ProjectMemberRow = Awaited<ReturnType<ReturnType<typeof projectMembers>['executeTakeFirstOrThrow']>>;

function toItem({
  userId,
  displayName,
  email,
  companyRole,
  directRole,
}: ProjectMemberRow): ProjectMemberItem {
  const person = { userId, displayName, email };
  if (companyRole === 'admin' || directRole === null)
    return { ...person, role: 'admin', source: 'inherited' };
  return { ...person, role: directRole, source: 'direct' };
}
