import { sql } from 'kysely';
import type { CompanyTx } from '../db/scopes.ts';
import type { Acted, Change } from './change.ts';
import type { ProjectRole } from './decide-permission.ts';
import { holdMembership, readRole } from './members.ts';

export type ProjectMemberKey = {
  readonly companyId: string;
  readonly projectId: string;
  readonly userId: string;
};

/** The role given in the project itself; an administrator of the company has none and needs none. */
export async function readProjectRole(
  tx: CompanyTx,
  key: ProjectMemberKey,
): Promise<ProjectRole | undefined> {
  const found = await projectMemberByKey(tx, key).executeTakeFirst();
  return found?.role;
}

/** Gives a member of the company this role in the project. The caller locks the project, or holds it. */
export async function setProjectRole(
  tx: CompanyTx,
  key: ProjectMemberKey,
  role: ProjectRole,
): Promise<Acted<undefined>> {
  if (!(await holdMembership(tx, key))) return { outcome: 'refused', reason: 'not_found' };
  const inserted = await tx
    .insertInto('project_members')
    .values({ company_id: key.companyId, project_id: key.projectId, user_id: key.userId, role })
    .onConflict((conflict) => conflict.columns(['company_id', 'project_id', 'user_id']).doNothing())
    .returning('role')
    .executeTakeFirst();
  const from = inserted === undefined ? await replaceRole(tx, key, role) : null;
  if (from === role) return { outcome: 'done', answer: undefined };
  return {
    outcome: 'done',
    answer: undefined,
    changes: [changeOf('project_member.changed', key, { from, to: role })],
  };
}

/** Returns the role that was there. Others may be giving one too, so the row is locked. */
async function replaceRole(
  tx: CompanyTx,
  key: ProjectMemberKey,
  role: ProjectRole,
): Promise<ProjectRole | null> {
  const current = await projectMemberByKey(tx, key).forNoKeyUpdate().executeTakeFirst();
  if (current?.role === role) return role;
  await tx
    .updateTable('project_members')
    .set({ role })
    .where('company_id', '=', key.companyId)
    .where('project_id', '=', key.projectId)
    .where('user_id', '=', key.userId)
    .execute();
  return current?.role ?? null;
}

/**
 * Takes the person out of the project; somebody who is not in it stays out. The role that comes with administering the
 * company is not taken away here. No project is left without an administrator: its company keeps one.
 */
export async function removeProjectRole(tx: CompanyTx, key: ProjectMemberKey): Promise<Acted<undefined>> {
  const removed = await tx
    .deleteFrom('project_members')
    .where('company_id', '=', key.companyId)
    .where('project_id', '=', key.projectId)
    .where('user_id', '=', key.userId)
    .returning('role')
    .executeTakeFirst();
  if (removed !== undefined) {
    return {
      outcome: 'done',
      answer: undefined,
      changes: [changeOf('project_member.removed', key, { role: removed.role })],
    };
  }
  if ((await readRole(tx, key)) !== 'admin') return { outcome: 'done', answer: undefined };
  const detail = 'Administrators of the company are administrators of all its projects.';
  return { outcome: 'refused', reason: 'forbidden', detail };
}

export type Grant = { readonly projectId: string; readonly role: ProjectRole };

/**
 * Gives what an invitation promised, except in projects that are disabled; a higher role that the person has already
 * stays. Returns the projects in which it could not be given.
 */
export async function applyGrants(
  tx: CompanyTx,
  { companyId, userId }: { companyId: string; userId: string },
  grants: readonly Grant[],
): Promise<ReadonlySet<string>> {
  if (grants.length === 0) return new Set();
  const open = await holdOpenProjects(
    tx,
    companyId,
    grants.map((grant) => grant.projectId),
  );
  const given = grants.filter((grant) => open.has(grant.projectId));
  if (given.length > 0) {
    await tx
      .insertInto('project_members')
      .values(
        given.map(({ projectId, role }) => ({
          company_id: companyId,
          project_id: projectId,
          user_id: userId,
          role,
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['company_id', 'project_id', 'user_id'])
          .doUpdateSet({ role: (excluded) => excluded.ref('excluded.role') })
          .where(sql<boolean>`${rank('project_members.role')} < ${rank('excluded.role')}`),
      )
      .execute();
  }
  return new Set(grants.map((grant) => grant.projectId).filter((id) => !open.has(id)));
}

async function holdOpenProjects(
  tx: CompanyTx,
  companyId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const projects = await tx
    .selectFrom('projects')
    .select(['id', 'status'])
    .where('company_id', '=', companyId)
    .where('id', 'in', ids)
    .orderBy('id') // everybody locks projects in this order
    .forShare()
    .execute();
  return new Set(projects.filter((project) => project.status !== 'disabled').map((project) => project.id));
}

/** Roles as numbers, the higher the more. */
export function rank(column: string) {
  return sql<number>`array_position(array['viewer', 'editor', 'admin'], ${sql.ref(column)})`;
}

function projectMemberByKey(tx: CompanyTx, { companyId, projectId, userId }: ProjectMemberKey) {
  return tx
    .selectFrom('project_members')
    .select('role')
    .where('company_id', '=', companyId)
    .where('project_id', '=', projectId)
    .where('user_id', '=', userId);
}

function changeOf(
  type: Change['type'],
  { companyId, projectId, userId }: ProjectMemberKey,
  details: NonNullable<Change['details']>,
): Change {
  return { type, companyId, subjectId: userId, details: { projectId, ...details } };
}
