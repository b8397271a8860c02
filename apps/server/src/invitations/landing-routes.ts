import { LandingInvitation, LandingParams } from '@gatehouse/contract';
import type { FastifyRequest } from 'fastify';
import type { SessionOfCaller } from '../http/caller.ts';
import type { Door } from '../http/door.ts';
import type { MaybeLater } from '../kernel/maybe-later.ts';
import { readInvitationToLand } from './landing.ts';
import type { LandingDeps } from './landing.ts';

export type LandingRouteDeps = LandingDeps & {
  /** Who is signed in, if anybody is. */
  readonly visitorOf: (request: FastifyRequest) => MaybeLater<SessionOfCaller | undefined>;
  /** Counts one look of its sender. @throws AppError `rate_limited` */
  readonly limitLanding: (request: FastifyRequest) => Promise<void>;
};

/** What the link of an invitation shows. It changes nothing, whoever follows it, and however often. */
export function landingRoute(app: Door, { visitorOf, limitLanding, ...deps }: LandingRouteDeps): void {
  app.get(
    '/api/v1/invitations/:id',
    {
      schema: { params: LandingParams, response: { 200: LandingInvitation } },
      onRequest: limitLanding,
    },
    async (request) => {
      const visitor = await visitorOf(request);
      const invitationId = request.params.id;
      const { expiresAt, grants, ...landing } = await readInvitationToLand(deps, {
        invitationId,
        userId: visitor?.userId,
      });
      return { ...landing, grants: [...grants], expiresAt: expiresAt.toISOString() };
    },
  );
}
