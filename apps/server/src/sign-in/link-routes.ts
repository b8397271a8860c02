import { LinkQuery } from '@gatehouse/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Door } from '../http/door.ts';
import { AppError } from '../kernel/errors.ts';
import type { LiveSession } from '../session/index.ts';
import { purposeOfLinking } from './begin-link.ts';
import { parseReturnTo } from './return-to.ts';
import { sendAway } from './surface-routes.ts';
import type { Surface } from './surface-routes.ts';
import type { KeepSession } from './tokens/token-routes.ts';

export type LinkRoutesDeps = Surface & {
  /** The session of the refresh cookie, judged as at any refresh: a copy of an old one must not open this door. */
  readonly keepSession: KeepSession;
  /** The SPA is on another site, so whoever comes along from there may be ours. */
  readonly isAppForeign: boolean;
};

/** Where a page on another origin sends its person to add a way in: the refresh cookie says who it is. */
export function linkRoutes(app: Door, deps: LinkRoutesDeps): void {
  const schema = { querystring: LinkQuery };
  app.get('/api/v1/auth/link', { schema, onRequest: deps.limits.start }, async (request, reply) => {
    if (!deps.isAppForeign) mustComeFromHere(request);
    const wish = { ...request.query, sessionOf: () => deps.keepSession(request, reply) };
    return await leaveToLink(deps, { ...wish, request, reply });
  });
}

type Leaving = {
  readonly provider: string | undefined;
  readonly returnTo?: string | undefined;
  readonly sessionOf: () => Promise<LiveSession>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

/** To any configured provider, which lets its person choose the account. @throws AppError `provider_unknown` */
export async function leaveToLink(
  deps: Surface,
  { provider, returnTo: wished, sessionOf, request, reply }: Leaving,
): Promise<FastifyReply> {
  if (provider === undefined) throw new AppError('provider_unknown');
  const returnTo = parseReturnTo(wished);
  const connection = deps.connections.find(provider);
  const purpose = purposeOfLinking(await sessionOf(), { returnTo, now: deps.clock.now() });
  const hints = { prompt: 'select_account' } as const;
  return await sendAway(deps, { connection, purpose, hints, request, reply });
}

/** Another site's page could send somebody who is signed in here along with an account of its own at the provider. */
export function mustComeFromHere(request: FastifyRequest): void {
  if (request.headers['sec-fetch-site'] === 'cross-site') throw new AppError('csrf_rejected');
}
