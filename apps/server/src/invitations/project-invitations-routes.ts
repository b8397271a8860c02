import { NewProjectInvitation, NewProjectInvitationAnswer, ProjectParams } from '@gatehouse/contract';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../http/caller.ts';
import type { SessionOfCaller } from '../http/caller.ts';
import type { Door } from '../http/door.ts';
import { inviteToProject } from './project-invitations.ts';
import type { ProjectInvitationsDeps } from './project-invitations.ts';
import { toInvitation } from './routes.ts';

export type ProjectInvitationRoutesDeps = ProjectInvitationsDeps & {
  /** @throws AppError `unauthenticated` */
  readonly sessionOf: (request: FastifyRequest) => Promise<SessionOfCaller>;
};

export function projectInvitationRoutes(
  app: Door,
  { sessionOf, ...deps }: ProjectInvitationRoutesDeps,
): void {
  app.post(
    '/api/v1/companies/:slug/projects/:project/invitations',
    {
      schema: {
        params: ProjectParams,
        body: NewProjectInvitation,
        response: { 200: NewProjectInvitationAnswer },
      },
    },
    async (request) => {
      const caller = callerOf(request, await sessionOf(request));
      const invited = await inviteToProject(deps, { caller, ...request.params, ...request.body });
      return invited.outcome === 'membership_created'
        ? invited
        : { ...invited, invitation: toInvitation(invited.invitation) };
    },
  );
}
