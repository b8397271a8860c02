import { describe, expect, test } from 'vitest';
import { decideEntry } from './decide-entry.ts';
import type { EntryCompany, EntryDecision, ProjectRole } from './decide-entry.ts';

const statuses = ['pending', 'active', 'suspended'] as const;
const projectStatuses = ['active', 'read_only', 'disabled'] as const;
const roles = ['viewer', 'editor', 'admin'] as const;
const asked = [undefined, ...roles] as const;

/** Which least roles may be asked for of whoever has this one, in an active company. */
const open: Readonly<
  Record<(typeof projectStatuses)[number], Record<ProjectRole, readonly (typeof asked)[number][]>>
> = {
  active: {
    viewer: [undefined, 'viewer'],
    editor: [undefined, 'viewer', 'editor'],
    admin: [undefined, 'viewer', 'editor', 'admin'],
  },
  read_only: {
    viewer: [undefined, 'viewer'],
    editor: [undefined, 'viewer'],
    admin: [undefined, 'viewer'],
  },
  disabled: { viewer: [], editor: [], admin: [] },
};

const company = (over: Partial<EntryCompany> = {}): EntryCompany => ({
  id: 'acme-id',
  slug: 'acme',
  status: 'active',
  role: 'user',
  projects: [],
  ...over,
});

const reasonOf = (decision: EntryDecision<EntryCompany>) =>
  decision.outcome === 'admitted' ? 'admitted' : decision.reason;

test('every status of a company and of a project, every role there is and every role asked for', () => {
  const counts = { admitted: 0, refused: 0 };
  for (const status of statuses)
    for (const projectStatus of projectStatuses)
      for (const role of roles)
        for (const least of asked) {
          const home = company({ status, projects: [{ slug: 'alpha', role, status: projectStatus }] });
          const decision = decideEntry([home], { company: 'acme', project: 'alpha', role: least });
          const isOpen = status === 'active' && open[projectStatus][role].includes(least);
          const what = `${status} ${projectStatus} ${role} asked for ${least ?? 'any'}`;
          expect(decision.outcome, what).toBe(isOpen ? 'admitted' : 'refused');
          if (decision.outcome === 'admitted')
            expect(decision.groups, what).toEqual(['user', `alpha:${role}`]);
          counts[decision.outcome] += 1;
        }
  expect(counts).toEqual({ admitted: 15, refused: 93 });
});

describe('a refusal says which rule it was', () => {
  const alpha = { slug: 'alpha', role: 'editor', status: 'active' } as const;
  test.each([
    ['company_not_named', [company()], {}],
    ['company_not_named', [company()], { project: 'alpha' }],
    ['not_a_member', [], { company: 'acme' }],
    ['not_a_member', [company()], { company: 'ACME' }],
    ['not_a_member', [company()], { company: '' }],
    ['company_not_active', [company({ status: 'pending', role: 'admin' })], { company: 'acme' }],
    ['company_not_active', [company({ status: 'suspended', role: 'admin' })], { company: 'acme' }],
    ['project_not_named', [company({ role: 'admin' })], { company: 'acme', role: 'viewer' }],
    ['no_role_in_project', [company({ projects: [alpha] })], { company: 'acme', project: 'beta' }],
    ['no_role_in_project', [company({ projects: [alpha] })], { company: 'acme', project: '' }],
    ['role_too_low', [company({ projects: [alpha] })], { company: 'acme', project: 'alpha', role: 'admin' }],
    [
      'project_read_only',
      [company({ projects: [{ ...alpha, status: 'read_only' }] })],
      { company: 'acme', project: 'alpha', role: 'editor' },
    ],
    [
      'project_disabled',
      [company({ projects: [{ ...alpha, status: 'disabled' }] })],
      { company: 'acme', project: 'alpha' },
    ],
  ] as const)('%s', (reason, companies, question) => {
    expect(reasonOf(decideEntry(companies, question))).toBe(reason);
  });
});

test('a project of the same name in another company opens nothing', () => {
  const rich = company({
    id: 'other-id',
    slug: 'other',
    role: 'admin',
    projects: [{ slug: 'alpha', role: 'admin', status: 'active' }],
  });
  const question = { company: 'acme', project: 'alpha' };
  expect(reasonOf(decideEntry([rich, company()], question))).toBe('no_role_in_project');
  const decision = decideEntry([rich, company()], { company: 'acme' });
  expect(decision).toMatchObject({ outcome: 'admitted', company: { id: 'acme-id' }, groups: ['user'] });
});
