import {
  CompanyParams,
  Member,
  MemberChange,
  MemberListQuery,
  MemberParams,
  listOf,
} from '@gatehouse/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../http/caller.ts';
import type { SessionOfCaller } from '../http/caller.ts';
import type { Door } from '../http/door.ts';
import type { MemberItem } from './members-view.ts';
import { changeMemberRole, readMembers, removeFromCompany } from './members.ts';
import type { MembersDeps } from './members.ts';

export type MemberRoutesDeps = MembersDeps & {
  /** @throws AppError `unauthenticated` */
  readonly sessionOf: (request: FastifyRequest) => Promise<SessionOfCaller>;
};

const members = '/api/v1/companies/:slug/members';

export function memberRoutes(app: Door, { sessionOf, ...deps }: MemberRoutesDeps): void {
  app.get(
    members,
    { schema: { params: CompanyParams, querystring: MemberListQuery, response: { 200: listOf(Member) } } },
    async (request) => {
      const caller = callerOf(request, await sessionOf(request));
      const { items, nextCursor } = await readMembers(deps, {
        caller,
        ...request.params,
        page: request.query,
      });
      return { items: items.map(toMember), nextCursor };
    },
  );

  app.patch(
    `${members}/:userId`,
    { schema: { params: MemberParams, body: MemberChange, response: { 200: Member } } },
    async (request) => {
      const caller = callerOf(request, await sessionOf(request));
      return toMember(await changeMemberRole(deps, { caller, ...request.params, role: request.body.role }));
    },
  );

  app.delete(
    `${members}/:userId`,
    { schema: { params: MemberParams, response: { 204: z.null() } } },
    async (request, reply) => {
      const caller = callerOf(request, await sessionOf(request));
      await removeFromCompany(deps, { caller, ...request.params });
      return reply.code(204).send(null);
    },
  );
}

function toMember({ joinedAt, projects, ...member }: MemberItem): Member {
  return { ...member, joinedAt: joinedAt.toISOString(), ...(projects && { projects: [...projects] }) };
}
