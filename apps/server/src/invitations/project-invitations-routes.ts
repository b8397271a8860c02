import { NewProjectInvitation, NewProjectInvitationAnswer, ProjectParams } from '@gatehouse/contract';
import { callerOf } from '../http/caller.ts';
import type { Door } from '../http/door.ts';
import { inviteToProject } from './project-invitations.ts';
import { toInvitation } from './routes.ts';
import type { InvitationRoutesDeps } from './routes.ts';

export function projectInvitationRoutes(
  app: Door,
  { sessionOf, limitInviting, ...deps }: InvitationRoutesDeps,
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
      const session = await sessionOf(request);
      await limitInviting(session.userId);
      const caller = callerOf(request, session);
      const invited = await inviteToProject(deps, { caller, ...request.params, ...request.body });
      return invited.outcome === 'membership_created'
        ? invited
        : { ...invited, invitation: toInvitation(invited.invitation) };
    },
  );
}
