import type { CompanyTx } from '../db/scopes.ts';
import type { Refusal } from './change.ts';
import type { ProjectRole } from './decide-permission.ts';
import type { Grant } from './project-members.ts';

/** A role in a project, as people name it: by the project's slug. */
export type NamedGrant = { readonly project: string; readonly role: ProjectRole };

export const unknownGrant: Refusal = {
  outcome: 'refused',
  reason: 'request_invalid',
  detail: 'grants: a project that the company does not have, or that is named twice',
};

/** Undefined where a project is none of the company's, or is named twice. */
export async function resolveGrants(
  tx: CompanyTx,
  companyId: string,
  grants: readonly NamedGrant[],
): Promise<Grant[] | undefined> {
  if (grants.length === 0) return [];
  const rows = await tx
    .selectFrom('projects')
    .select(['slug', 'id'])
    .where('company_id', '=', companyId)
    .where(
      'slug',
      'in',
      grants.map(({ project }) => project),
    )
    .execute();
  const ids = new Map(rows.map((row) => [row.slug, row.id]));
  if (ids.size !== grants.length) return undefined;
  return grants.flatMap(({ project, role }) => {
    const projectId = ids.get(project);
    return projectId === undefined ? [] : { projectId, role };
  });
}
