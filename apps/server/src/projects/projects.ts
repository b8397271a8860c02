import { recordEvent } from '../audit/index.ts';
import { actInCompany, actOnProject, changeProject, createProject } from '../control-plane/index.ts';
import type { Caller, Page, PageRequest, Project, ProjectChange } from '../control-plane/index.ts';
import type { Database } from '../db/scopes.ts';
import type { Clock } from '../kernel/clock.ts';
import { listProjects } from './projects-view.ts';

export type ProjectsDeps = { readonly db: Database; readonly clock: Clock };

type InCompany = { readonly caller: Caller; readonly slug: string };

export async function readProjects(
  deps: ProjectsDeps,
  { page, ...who }: InCompany & { page: PageRequest },
): Promise<Page<Project>> {
  const request = { ...who, action: 'projects.read' } as const;
  return await actInCompany({ ...deps, record: recordEvent }, request, async (tx, { companyId, role }) => ({
    outcome: 'done',
    answer: await listProjects(tx, { companyId, role, userId: who.caller.userId }, page),
  }));
}

/** @throws AppError `slug_taken`, or what `actInCompany` throws */
export async function addProject(
  deps: ProjectsDeps,
  { project, ...who }: InCompany & { project: { slug: string; name: string } },
): Promise<Project> {
  const request = { ...who, action: 'projects.create' } as const;
  return await actInCompany({ ...deps, record: recordEvent }, request, (tx, { companyId, at }) =>
    createProject(tx, { companyId, ...project }, at),
  );
}

/** @throws AppError what `actOnProject` throws */
export async function updateProject(
  deps: ProjectsDeps,
  { to, ...who }: InCompany & { project: string; to: ProjectChange },
): Promise<Project> {
  const request = { ...who, action: 'project.change' } as const;
  return await actOnProject({ ...deps, record: recordEvent }, request, (tx, { companyId, project }) =>
    changeProject(tx, { companyId, project, to }),
  );
}
