import { recordEvent } from '../audit/index.ts';
import { actOnProject, removeProjectRole, setProjectRole } from '../control-plane/index.ts';
import type { Caller, Page, PageRequest, ProjectRole } from '../control-plane/index.ts';
import { findProjectMember, listProjectMembers } from './projects-view.ts';
import type { ProjectMemberItem } from './projects-view.ts';
import type { ProjectsDeps } from './projects.ts';

type OnProject = { readonly caller: Caller; readonly slug: string; readonly project: string };

export async function readProjectMembers(
  deps: ProjectsDeps,
  { page, ...who }: OnProject & { page: PageRequest },
): Promise<Page<ProjectMemberItem>> {
  const request = { ...who, action: 'project_members.read' } as const;
  return await actOnProject(
    { ...deps, record: recordEvent },
    request,
    async (tx, { companyId, project }) => ({
      outcome: 'done',
      answer: await listProjectMembers(tx, { companyId, projectId: project.id }, page),
    }),
  );
}

/**
 * Gives a member of the company a role in the project; the answer tells the role that counts.
 * @throws AppError `not_found` where the person is no member, or what `actOnProject` throws
 */
export async function putProjectMember(
  deps: ProjectsDeps,
  { userId, role, ...who }: OnProject & { userId: string; role: ProjectRole },
): Promise<ProjectMemberItem> {
  const request = { ...who, action: 'project_members.change', target: userId } as const;
  return await actOnProject({ ...deps, record: recordEvent }, request, async (tx, { companyId, project }) => {
    const key = { companyId, projectId: project.id, userId };
    const set = await setProjectRole(tx, key, role);
    if (set.outcome === 'refused') return set;
    const member = await findProjectMember(tx, key);
    return member === undefined ? { outcome: 'refused', reason: 'not_found' } : { ...set, answer: member };
  });
}

/** @throws AppError `forbidden` where the role comes with administering the company, or what `actOnProject` throws */
export async function removeProjectMember(
  deps: ProjectsDeps,
  { userId, ...who }: OnProject & { userId: string },
): Promise<void> {
  const request = { ...who, action: 'project_members.change', target: userId } as const;
  await actOnProject({ ...deps, record: recordEvent }, request, (tx, { companyId, project }) =>
    removeProjectRole(tx, { companyId, projectId: project.id, userId }),
  );
}
