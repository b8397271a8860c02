import type { CompanyTx } from '../db/scopes.ts';
import type { Row } from '../db/tables.ts';
import { newId } from '../kernel/ids.ts';
import type { Acted, Change } from './change.ts';

export type Project = {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: Row<'projects'>['status'];
  readonly createdAt: Date;
};

const columns = ['id', 'slug', 'name', 'status', 'created_at as createdAt'] as const;

export async function createProject(
  tx: CompanyTx,
  { companyId, slug, name }: { companyId: string; slug: string; name: string },
  at: Date,
): Promise<Acted<Project>> {
  const project = await tx
    .insertInto('projects')
    .values({ company_id: companyId, id: newId(at), slug, name, status: 'active', created_at: at })
    .onConflict((conflict) => conflict.columns(['company_id', 'slug']).doNothing())
    .returning(columns)
    .executeTakeFirst();
  if (project === undefined) return { outcome: 'refused', reason: 'slug_taken' };
  const change: Change = {
    type: 'project.created',
    companyId,
    subjectId: project.id,
    details: { slug, name },
  };
  return { outcome: 'done', answer: project, changes: [change] };
}

export async function findProject(
  tx: CompanyTx,
  companyId: string,
  slug: string,
): Promise<Project | undefined> {
  return await projectBySlug(tx, companyId, slug).executeTakeFirst();
}

/** The same; nobody else changes the project or its members before the transaction ends. Comes after the member's lock. */
export async function lockProject(
  tx: CompanyTx,
  companyId: string,
  slug: string,
): Promise<Project | undefined> {
  return await projectBySlug(tx, companyId, slug).forNoKeyUpdate().executeTakeFirst();
}

/**
 * The same; nobody changes the project or takes roles in it away, but roles may be given, by invitations and by others
 * who hold it like this. Whoever locks a project waits for no invitation, so this may come before one.
 */
export async function holdProject(
  tx: CompanyTx,
  companyId: string,
  slug: string,
): Promise<Project | undefined> {
  return await projectBySlug(tx, companyId, slug).forShare().executeTakeFirst();
}

export type ProjectChange = {
  readonly name?: string | undefined;
  readonly status?: Project['status'] | undefined;
};

/** Changes what is named and differs. The caller holds the project's lock. */
export async function changeProject(
  tx: CompanyTx,
  { companyId, project, to }: { companyId: string; project: Project; to: ProjectChange },
): Promise<Acted<Project>> {
  const { name = project.name, status = project.status } = to;
  if (name === project.name && status === project.status) return { outcome: 'done', answer: project };
  await tx
    .updateTable('projects')
    .set({ name, status })
    .where('company_id', '=', companyId)
    .where('id', '=', project.id)
    .execute();
  const details = { from: { name: project.name, status: project.status }, to: { name, status } };
  const change: Change = { type: 'project.changed', companyId, subjectId: project.id, details };
  return { outcome: 'done', answer: { ...project, name, status }, changes: [change] };
}

function projectBySlug(tx: CompanyTx, companyId: string, slug: string) {
  return tx
    .selectFrom('projects')
    .select(columns)
    .where('company_id', '=', companyId)
    .where('slug', '=', slug);
}
