/** Where somebody stands in one of their companies, as far as the gate needs to know. */
export type EntryCompany = {
  readonly id: string;
  readonly slug: string;
  readonly status: 'pending' | 'active' | 'suspended';
  readonly role: 'admin' | 'user';
  readonly projects: readonly EntryProject[];
};

export type ProjectRole = 'viewer' | 'editor' | 'admin';

type EntryProject = {
  readonly slug: string;
  readonly role: ProjectRole;
  readonly status: 'active' | 'read_only' | 'disabled';
};

export type EntryQuestion = {
  /** Slug. Absent where neither the question nor the deployment names a company. */
  readonly company?: string | undefined;
  /** Slug of a project of that company. */
  readonly project?: string | undefined;
  /** The least role in that project; any will do where none is named. */
  readonly role?: ProjectRole | undefined;
};

export type EntryRefusal =
  | 'company_not_named'
  | 'project_not_named'
  | 'not_a_member'
  | 'company_not_active'
  | 'no_role_in_project'
  | 'project_disabled'
  | 'role_too_low'
  | 'project_read_only';

export type EntryDecision<Company> =
  /** `groups`: the role in the company and, where a project was asked for, `project:role`. */
  | { readonly outcome: 'admitted'; readonly company: Company; readonly groups: readonly string[] }
  | { readonly outcome: 'refused'; readonly reason: EntryRefusal };

const rank = { viewer: 1, editor: 2, admin: 3 } as const;

/**
 * May somebody of these companies come in? A project that is disabled is closed to everybody; in one that is read-only
 * nobody is more than a viewer. A role without a project is a question that nobody can have meant.
 */
export function decideEntry<Company extends EntryCompany>(
  companies: readonly Company[],
  { company: slug, project: projectSlug, role }: EntryQuestion,
): EntryDecision<Company> {
  if (slug === undefined) return refused('company_not_named');
  const company = companies.find((one) => one.slug === slug);
  if (company === undefined) return refused('not_a_member');
  if (company.status !== 'active') return refused('company_not_active');
  if (projectSlug === undefined) {
    return role === undefined
      ? { outcome: 'admitted', company, groups: [company.role] }
      : refused('project_not_named');
  }
  const project = company.projects.find((one) => one.slug === projectSlug);
  if (project === undefined) return refused('no_role_in_project');
  if (project.status === 'disabled') return refused('project_disabled');
  const least = rank[role ?? 'viewer'];
  if (rank[project.role] < least) return refused('role_too_low');
  if (project.status === 'read_only' && least > rank.viewer) return refused('project_read_only');
  return { outcome: 'admitted', company, groups: [company.role, `${project.slug}:${project.role}`] };
}

function refused(reason: EntryRefusal): { outcome: 'refused'; reason: EntryRefusal } {
  return { outcome: 'refused', reason };
}
