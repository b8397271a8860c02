import { OwnSessionList, OwnSessionParams, OtherSessionsQuery } from '@gatehouse/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../http/caller.ts';
import type { SessionOfCaller } from '../http/caller.ts';
import type { HouseCookie } from '../http/cookies.ts';
import { readDevice } from '../http/device.ts';
import type { Door } from '../http/door.ts';
import type { PlaceOf } from '../http/places.ts';
import { endOtherSessions, endOwnSession, listOwnSessions } from './own-sessions.ts';
import type { Asking, OwnSessionsDeps } from './own-sessions.ts';

export type OwnSessionRoutesDeps = OwnSessionsDeps & {
  /** @throws AppError `unauthenticated` */
  readonly sessionOf: (
    request: FastifyRequest,
  ) => (SessionOfCaller & { readonly id: string }) | Promise<SessionOfCaller & { readonly id: string }>;
  readonly cookie: HouseCookie;
  readonly placeOf: PlaceOf;
};

export function ownSessionRoutes(app: Door, deps: OwnSessionRoutesDeps): void {
  const path = '/api/v1/me/sessions';

  app.get(path, { schema: { response: { 200: OwnSessionList } } }, async (request) => {
    const asking = await askingOf(request, deps);
    const found = await listOwnSessions(deps, asking);
    return {
      items: await Promise.all(found.map((one) => toItem(one, { asking, placeOf: deps.placeOf }))),
      nextCursor: null,
    };
  });

  app.delete(`${path}/:id`, { schema: { params: OwnSessionParams } }, async (request, reply) => {
    const asking = await askingOf(request, deps);
    const { id } = request.params;
    await endOwnSession(deps, asking, id);
    if (id === asking.sessionId) leave(reply, deps);
    return await reply.code(204).send();
  });

  app.delete(path, { schema: { querystring: OtherSessionsQuery } }, async (request, reply) => {
    await endOtherSessions(deps, await askingOf(request, deps));
    return await reply.code(204).send();
  });
}

async function askingOf(request: FastifyRequest, { sessionOf }: OwnSessionRoutesDeps): Promise<Asking> {
  const session = await sessionOf(request);
  return { ...callerOf(request, session), sessionId: session.id };
}

/** As at sign-out. */
function leave(reply: FastifyReply, { cookie }: OwnSessionRoutesDeps): void {
  cookie.clear(reply);
  reply.header('clear-site-data', '"cache"');
}

type Found = Awaited<ReturnType<typeof listOwnSessions>>[number];

async function toItem(
  { id, signedInWith, userAgent, address, ...times }: Found,
  { asking, placeOf }: { asking: Asking; placeOf: PlaceOf },
): Promise<OwnSessionList['items'][number]> {
  const place = address === null ? undefined : await placeOf(address);
  return {
    id,
    isCurrent: id === asking.sessionId,
    device: readDevice(userAgent),
    signedInWith,
    ...(place !== undefined && { place }),
    ...(address !== null && { address }),
    createdAt: times.createdAt.toISOString(),
    lastSeenAt: times.lastSeenAt.toISOString(),
    expiresAt: times.expiresAt.toISOString(),
  };
}
