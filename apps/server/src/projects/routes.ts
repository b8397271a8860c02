import {
  CompanyParams,
  ListQuery,
  NewProject,
  Project,
  ProjectChange,
  ProjectMember,
  ProjectMemberChange,
  ProjectMemberParams,
  ProjectParams,
  listOf,
} from '@gatehouse/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Project as ProjectItem } from '../control-plane/index.ts';
import { callerOf } from '../http/caller.ts';
import type { SessionOfCaller } from '../http/caller.ts';
import type { Door } from '../http/door.ts';
import { putProjectMember, readProjectMembers, removeProjectMember } from './project-members.ts';
import { addProject, readProjects, updateProject } from './projects.ts';
import type { ProjectsDeps } from './projects.ts';

export type ProjectRoutesDeps = ProjectsDeps & {
  /** @throws AppError `unauthenticated` */
  readonly sessionOf: (request: FastifyRequest) => Promise<SessionOfCaller>;
};

const projects = '/api/v1/companies/:slug/projects';

export function projectRoutes(app: Door, deps: ProjectRoutesDeps): void {
  ownRoutes(app, deps);
  memberRoutes(app, deps);
}

function ownRoutes(app: Door, { sessionOf, ...deps }: ProjectRoutesDeps): void {
  app.get(
    projects,
    { schema: { params: CompanyParams, querystring: ListQuery, response: { 200: listOf(Project) } } },
    async (request) => {
      const caller = callerOf(request, await sessionOf(request));
      const { items, nextCursor } = await readProjects(deps, {
        caller,
        ...request.params,
        page: request.query,
      });
      return { items: items.map(toProject), nextCursor };
    },
  );

  app.post(
    projects,
    { schema: { params: CompanyParams, body: NewProject, response: { 201: Project } } },
    async (request, reply) => {
      const caller = callerOf(request, await sessionOf(request));
      return reply
        .code(201)
        .send(toProject(await addProject(deps, { caller, ...request.params, project: request.body })));
    },
  );

  app.patch(
    `${projects}/:project`,
    { schema: { params: ProjectParams, body: ProjectChange, response: { 200: Project } } },
    async (request) => {
      const caller = callerOf(request, await sessionOf(request));
      return toProject(await updateProject(deps, { caller, ...request.params, to: request.body }));
    },
  );
}

function memberRoutes(app: Door, { sessionOf, ...deps }: ProjectRoutesDeps): void {
  const members = `${projects}/:project/members`;
  app.get(
    members,
    { schema: { params: ProjectParams, querystring: ListQuery, response: { 200: listOf(ProjectMember) } } },
    async (request) => {
      const caller = callerOf(request, await sessionOf(request));
      return await readProjectMembers(deps, { caller, ...request.params, page: request.query });
    },
  );

  app.put(
    `${members}/:userId`,
    { schema: { params: ProjectMemberParams, body: ProjectMemberChange, response: { 200: ProjectMember } } },
    async (request) => {
      const caller = callerOf(request, await sessionOf(request));
      return await putProjectMember(deps, { caller, ...request.params, role: request.body.role });
    },
  );

  app.delete(
    `${members}/:userId`,
    { schema: { params: ProjectMemberParams, response: { 204: z.null() } } },
    async (request, reply) => {
      const caller = callerOf(request, await sessionOf(request));
      await removeProjectMember(deps, { caller, ...request.params });
      return reply.code(204).send(null);
    },
  );
}

function toProject({ createdAt, ...project }: ProjectItem): Project {
  return { ...project, createdAt: createdAt.toISOString() };
}
