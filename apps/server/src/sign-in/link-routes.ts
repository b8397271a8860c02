import { LinkQuery } from '@gatehouse/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LinkPurpose } from '../attempt/index.ts';
import type { Door } from '../http/door.ts';
import { AppError } from '../kernel/errors.ts';
import { purposeOfLinking } from './begin-link.ts';
import { parseReturnTo } from './return-to.ts';
import { browserOf, sendAway } from './surface-routes.ts';
import type { Surface } from './surface-routes.ts';

/** Where a page on another origin sends its person to add a way in: the refresh cookie says who it is. */
export function linkRoutes(app: Door, deps: Surface): void {
  const schema = { querystring: LinkQuery };
  app.get('/api/v1/auth/link', { schema, onRequest: deps.limits.start }, (request, reply) =>
    leaveToLink(deps, { ...request.query, surface: 'tokens', request, reply }),
  );
}

type Leaving = {
  readonly provider: string | undefined;
  readonly returnTo?: string | undefined;
  readonly surface: LinkPurpose['surface'];
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

/** To any configured provider, which lets its person choose the account. @throws AppError `provider_unknown` */
export async function leaveToLink(
  deps: Surface,
  { provider, returnTo: wished, surface, request, reply }: Leaving,
): Promise<FastifyReply> {
  if (provider === undefined) throw new AppError('provider_unknown');
  const returnTo = parseReturnTo(wished);
  const connection = deps.connections.find(provider);
  // Another site's page could send somebody who is signed in here along with an account of its own at the provider.
  if (surface === 'cookie' && request.headers['sec-fetch-site'] === 'cross-site')
    throw new AppError('csrf_rejected');
  const browser = browserOf(request, deps);
  const purpose = await purposeOfLinking(deps, { surface, returnTo, browser });
  const hints = { prompt: 'select_account' } as const;
  return await sendAway(deps, { connection, purpose, hints, request, reply });
}
