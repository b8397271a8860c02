import type { Row } from '../db/tables.ts';

export type CompanyRole = Row<'members'>['role'];
export type ProjectRole = Row<'project_members'>['role'];

/**
 * What each action asks of whoever does it: the least role in the company, or in the project it is about; and what it
 * keeps unchanged while it runs: nothing where it only reads, the caller's role, or who administers the company. What
 * changes a project or its members has it for itself; `with others` keeps such changes out and the likes of itself in.
 */
const rules = {
  'members.read': { needs: 'company user', inPendingCompany: true, holds: 'nothing' },
  'members.change': { needs: 'company admin', inPendingCompany: true, holds: 'company' },
  'invitations.read': { needs: 'company admin', inPendingCompany: true, holds: 'nothing' },
  'invitations.change': { needs: 'company admin', inPendingCompany: true, holds: 'role' },
  'join_requests.read': { needs: 'company admin', inPendingCompany: false, holds: 'nothing' },
  'join_requests.decide': { needs: 'company admin', inPendingCompany: false, holds: 'role' },
  'projects.read': { needs: 'company user', inPendingCompany: false, holds: 'nothing' },
  'projects.create': { needs: 'company admin', inPendingCompany: false, holds: 'role' },
  'project.change': { needs: 'project admin', inPendingCompany: false, holds: 'role' },
  'project_members.read': { needs: 'project viewer', inPendingCompany: false, holds: 'nothing' },
  'project_members.change': { needs: 'project admin', inPendingCompany: false, holds: 'role' },
  'audit.read': { needs: 'company admin', inPendingCompany: false, holds: 'nothing' },
  'project_invitations.change': {
    needs: 'project admin',
    inPendingCompany: false,
    holds: 'role, and the project with others',
  },
} as const;

export type Action = keyof typeof rules;

export type PermissionFacts = {
  readonly action: Action;
  readonly companyStatus: Row<'companies'>['status'];
  readonly companyRole: CompanyRole | 'none';
  /** In the project that the action is about. `none` also where there is no such project. */
  readonly projectRole: ProjectRole | 'none';
};

export type PermissionRefusal = 'not_found' | 'company_suspended' | 'company_pending' | 'forbidden';

export type PermissionDecision =
  { readonly outcome: 'allowed' } | { readonly outcome: 'refused'; readonly reason: PermissionRefusal };

/**
 * May a person in this position do this? Who is no member learns nothing, not even that the company is suspended. An
 * administrator of the company is administrator of all its projects; a member without a role in a project is told the
 * same whether or not the project exists.
 */
export function decidePermission({
  action,
  companyStatus,
  companyRole,
  projectRole,
}: PermissionFacts): PermissionDecision {
  const { needs, inPendingCompany } = rules[action];
  if (companyRole === 'none') return refused('not_found');
  if (companyStatus === 'suspended') return refused('company_suspended');
  const mayPrepare = companyRole === 'admin' && inPendingCompany;
  if (companyStatus === 'pending' && !mayPrepare) return refused('company_pending');
  return companyRole === 'admin' || suffices(needs, projectRole)
    ? { outcome: 'allowed' }
    : refused('forbidden');
}

/** Whether somebody who is a plain member of the company has what the action needs. */
function suffices(needs: (typeof rules)[Action]['needs'], projectRole: ProjectRole | 'none'): boolean {
  switch (needs) {
    case 'company user':
      return true;
    case 'company admin':
      return false;
    case 'project viewer':
      return projectRole !== 'none';
    case 'project admin':
      return projectRole === 'admin';
  }
}

function refused(reason: PermissionRefusal): PermissionDecision {
  return { outcome: 'refused', reason };
}

export function holdsDuring(action: Action): (typeof rules)[Action]['holds'] {
  return rules[action].holds;
}
