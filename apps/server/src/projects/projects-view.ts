import { containing, pageOf, readCursor } from '../control-plane/index.ts';
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
  { query = '', cursor, limit }: PageRequest,
): Promise<Page<ProjectMemberItem>> {
  const { companyId } = place;
  const after = readCursor(companyId, cursor);
  const pattern = query.trim() === '' ? undefined : containing(query);
  const rows = await projectMembers(tx, place)
    .where((row) => (after === undefined ? row.lit(true) : row('members.user_id', '>', after)))
    .where((row) => {
      if (pattern === undefined) return row.lit(true);
      const address = row.ref('user_emails.address').$castTo<string>();
      return row.or([row('users.display_name', 'ilike', pattern), row(address, 'ilike', pattern)]);
    })
    .orderBy('members.user_id')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, { companyId, limit }, toItem);
}

export async function findProjectMember(
  tx: CompanyTx,
  { userId, ...place }: Place & { userId: string },
): Promise<ProjectMemberItem | undefined> {
  const found = await projectMembers(tx, place).where('members.user_id', '=', userId).executeTakeFirst();
  return found === undefined ? undefined : toItem(found);
}

/** Starts from the few who have a role, not from all who are in the company. */
function projectMembers(tx: CompanyTx, { companyId, projectId }: Place) {
  const involved = tx
    .selectFrom('project_members')
    .select('user_id')
    .where('company_id', '=', companyId)
    .where('project_id', '=', projectId)
    .union(
      tx
        .selectFrom('members')
        .select('user_id')
        .where('company_id', '=', companyId)
        .where('role', '=', 'admin'),
    );
  return tx
    .selectFrom(involved.as('involved'))
    .innerJoin('members', (join) =>
      join.onRef('members.user_id', '=', 'involved.user_id').on('members.company_id', '=', companyId),
    )
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
    .select([
      'members.user_id as key',
      'users.display_name as displayName',
      'user_emails.address as email',
      'members.role as companyRole',
      'project_members.role as directRole',
    ]);
}

type ProjectMemberRow = Awaited<ReturnType<ReturnType<typeof projectMembers>['executeTakeFirstOrThrow']>>;

function toItem({ key, displayName, email, companyRole, directRole }: ProjectMemberRow): ProjectMemberItem {
  const person = { userId: key, displayName, email };
  if (companyRole === 'admin' || directRole === null)
    return { ...person, role: 'admin', source: 'inherited' };
  return { ...person, role: directRole, source: 'direct' };
}
