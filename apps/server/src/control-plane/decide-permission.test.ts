import { describe, expect, test } from 'vitest';
import { decidePermission } from './decide-permission.ts';
import type { Action, PermissionFacts } from './decide-permission.ts';

const statuses = ['pending', 'active', 'suspended'] as const;

/** Whoever asks: the role in the company, and in the project that the action is about. */
const people = {
  stranger: { companyRole: 'none', projectRole: 'none' },
  member: { companyRole: 'user', projectRole: 'none' },
  viewer: { companyRole: 'user', projectRole: 'viewer' },
  editor: { companyRole: 'user', projectRole: 'editor' },
  lead: { companyRole: 'user', projectRole: 'admin' },
  admin: { companyRole: 'admin', projectRole: 'none' },
} as const satisfies Record<string, Pick<PermissionFacts, 'companyRole' | 'projectRole'>>;

type Person = keyof typeof people;
const everybody = Object.keys(people) as Person[]; // the keys of the record above

/** Who may do what in an active company, written out. */
const active: Record<Action, readonly Person[]> = {
  'members.read': ['member', 'viewer', 'editor', 'lead', 'admin'],
  'members.change': ['admin'],
  'invitations.read': ['admin'],
  'invitations.change': ['admin'],
  'join_requests.read': ['admin'],
  'join_requests.decide': ['admin'],
  'projects.read': ['member', 'viewer', 'editor', 'lead', 'admin'],
  'projects.create': ['admin'],
  'project.change': ['lead', 'admin'],
  'project_members.read': ['viewer', 'editor', 'lead', 'admin'],
  'project_members.change': ['lead', 'admin'],
  'audit.read': ['admin'],
  'project_invitations.change': ['lead', 'admin'],
};
const actions = Object.keys(active) as Action[]; // the keys of the record above
const openWhilePending: readonly Action[] = [
  'members.read',
  'members.change',
  'invitations.read',
  'invitations.change',
];

function expected(action: Action, person: Person, status: (typeof statuses)[number]): string {
  if (person === 'stranger') return 'not_found';
  if (status === 'suspended') return 'company_suspended';
  if (status === 'pending')
    return person === 'admin' && openWhilePending.includes(action) ? 'allowed' : 'company_pending';
  return active[action].includes(person) ? 'allowed' : 'forbidden';
}

const matrix = actions.flatMap((action) =>
  everybody.flatMap((person) => statuses.map((status) => ({ action, person, status }))),
);

describe('who may do what', () => {
  test.each(matrix)('$person, $action in a company that is $status', ({ action, person, status }) => {
    const decision = decidePermission({ action, companyStatus: status, ...people[person] });
    expect(decision.outcome === 'refused' ? decision.reason : decision.outcome).toBe(
      expected(action, person, status),
    );
  });

  test('a role in a project is worth nothing to somebody who is no member of the company', () => {
    for (const action of actions) {
      const decision = decidePermission({
        action,
        companyStatus: 'active',
        companyRole: 'none',
        projectRole: 'admin',
      });
      expect(decision).toEqual({ outcome: 'refused', reason: 'not_found' });
    }
  });
});
