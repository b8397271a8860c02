import {
  CompanyParams,
  JoinRequest,
  JoinRequestApproval,
  JoinRequestListQuery,
  JoinRequestParams,
  listOf,
} from '@gatehouse/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../http/caller.ts';
import type { SessionOfCaller } from '../http/caller.ts';
import type { Door } from '../http/door.ts';
import type { JoinRequestItem } from './join-requests-view.ts';
import { decideRequest, readJoinRequests, requestToJoin } from './join-requests.ts';
import type { JoinRequestsDeps } from './join-requests.ts';

export type JoinRequestRoutesDeps = JoinRequestsDeps & {
  /** @throws AppError `unauthenticated` */
  readonly sessionOf: (request: FastifyRequest) => Promise<SessionOfCaller>;
  /** Counts one request of this person. @throws AppError `rate_limited` */
  readonly limitAsking: (userId: string) => Promise<void>;
};

const joinRequests = '/api/v1/companies/:slug/join-requests';

export function joinRequestRoutes(app: Door, deps: JoinRequestRoutesDeps): void {
  askingAndListRoutes(app, deps);
  decidingRoutes(app, deps);
}

function askingAndListRoutes(app: Door, { sessionOf, limitAsking, ...deps }: JoinRequestRoutesDeps): void {
  app.post(
    joinRequests,
    { schema: { params: CompanyParams, response: { 202: z.object({}) } } },
    async (request, reply) => {
      const session = await sessionOf(request);
      await limitAsking(session.userId);
      await requestToJoin(deps, { caller: callerOf(request, session), ...request.params });
      return reply.code(202).send({});
    },
  );

  app.get(
    joinRequests,
    {
      schema: {
        params: CompanyParams,
        querystring: JoinRequestListQuery,
        response: { 200: listOf(JoinRequest) },
      },
    },
    async (request) => {
      const caller = callerOf(request, await sessionOf(request));
      const page = request.query;
      const { items, nextCursor } = await readJoinRequests(deps, { caller, ...request.params, page });
      return { items: items.map(toJoinRequest), nextCursor };
    },
  );
}

function decidingRoutes(app: Door, { sessionOf, ...deps }: JoinRequestRoutesDeps): void {
  app.post(
    `${joinRequests}/:id/approve`,
    { schema: { params: JoinRequestParams, body: JoinRequestApproval, response: { 200: JoinRequest } } },
    async (request) => {
      const caller = callerOf(request, await sessionOf(request));
      const { slug, id: requestId } = request.params;
      const { grants } = request.body;
      return toJoinRequest(await decideRequest(deps, { caller, slug, requestId, grants }));
    },
  );

  app.post(
    `${joinRequests}/:id/decline`,
    { schema: { params: JoinRequestParams, response: { 200: JoinRequest } } },
    async (request) => {
      const caller = callerOf(request, await sessionOf(request));
      const { slug, id: requestId } = request.params;
      return toJoinRequest(await decideRequest(deps, { caller, slug, requestId, grants: undefined }));
    },
  );
}

function toJoinRequest({ createdAt, decidedAt, ...request }: JoinRequestItem): JoinRequest {
  return { ...request, createdAt: createdAt.toISOString(), decidedAt: decidedAt?.toISOString() ?? null };
}
