import {
  CompanyParams,
  Invitation,
  InvitationListQuery,
  InvitationParams,
  NewInvitations,
  NewInvitationsAnswer,
  listOf,
} from '@gatehouse/contract';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../http/caller.ts';
import type { SessionOfCaller } from '../http/caller.ts';
import type { Door } from '../http/door.ts';
import type { InvitationItem } from './invitations-view.ts';
import { invite, readInvitations, resendInvitation, revokeInvitation } from './invitations.ts';
import type { InvitationsDeps } from './invitations.ts';

export type InvitationRoutesDeps = InvitationsDeps & {
  /** @throws AppError `unauthenticated` */
  readonly sessionOf: (request: FastifyRequest) => Promise<SessionOfCaller>;
  /** Counts so many invitations of this person, ten for one. @throws AppError `rate_limited` */
  readonly limitInviting: (userId: string, tens?: number) => Promise<void>;
};

const invitations = '/api/v1/companies/:slug/invitations';

export function invitationRoutes(app: Door, deps: InvitationRoutesDeps): void {
  listAndInviteRoutes(app, deps);
  changingRoutes(app, deps);
}

function listAndInviteRoutes(app: Door, { sessionOf, limitInviting, ...deps }: InvitationRoutesDeps): void {
  app.get(
    invitations,
    {
      schema: {
        params: CompanyParams,
        querystring: InvitationListQuery,
        response: { 200: listOf(Invitation) },
      },
    },
    async (request) => {
      const caller = callerOf(request, await sessionOf(request));
      const { items, nextCursor } = await readInvitations(deps, {
        caller,
        ...request.params,
        page: request.query,
      });
      return { items: items.map(toInvitation), nextCursor };
    },
  );

  app.post(
    invitations,
    { schema: { params: CompanyParams, body: NewInvitations, response: { 200: NewInvitationsAnswer } } },
    async (request) => {
      const session = await sessionOf(request);
      await limitInviting(session.userId, Math.ceil(request.body.emails.length / 10));
      const caller = callerOf(request, session);
      const invited = await invite(deps, { caller, ...request.params, inviting: request.body });
      return {
        results: invited.map(({ invitation, ...result }) => ({
          ...result,
          ...(invitation && { invitation: toInvitation(invitation) }),
        })),
      };
    },
  );
}

function changingRoutes(app: Door, { sessionOf, limitInviting, ...deps }: InvitationRoutesDeps): void {
  app.post(
    `${invitations}/:id/revoke`,
    { schema: { params: InvitationParams, response: { 200: Invitation } } },
    async (request) => {
      const caller = callerOf(request, await sessionOf(request));
      const { slug, id } = request.params;
      return toInvitation(await revokeInvitation(deps, { caller, slug, invitationId: id }));
    },
  );

  app.post(
    `${invitations}/:id/resend`,
    { schema: { params: InvitationParams, response: { 200: Invitation } } },
    async (request) => {
      const session = await sessionOf(request);
      await limitInviting(session.userId);
      const caller = callerOf(request, session);
      const { slug, id } = request.params;
      return toInvitation(await resendInvitation(deps, { caller, slug, invitationId: id }));
    },
  );
}

export function toInvitation({
  createdAt,
  expiresAt,
  acceptedAt,
  ...invitation
}: InvitationItem): Invitation {
  return {
    ...invitation,
    grants: [...invitation.grants],
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    acceptedAt: acceptedAt?.toISOString() ?? null,
  };
}
