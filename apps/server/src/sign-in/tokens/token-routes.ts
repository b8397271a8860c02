import { RefreshWish, TokenAnswer } from '@gatehouse/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { originOf } from '../../http/caller.ts';
import type { HouseCookies } from '../../http/cookies.ts';
import type { Door } from '../../http/door.ts';
import { secondMs } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { MaybeLater } from '../../kernel/maybe-later.ts';
import { looksLikeToken } from '../../kernel/tokens.ts';
import type { LiveSession } from '../../session/index.ts';
import { issueAccessToken } from './access-token.ts';
import type { AccessTokenDeps } from './access-token.ts';
import { endTokenSession } from './end-token-session.ts';
import { refreshSession } from './refresh-session.ts';
import type { RefreshDeps } from './refresh-session.ts';

export type TokenRoutesDeps = RefreshDeps &
  AccessTokenDeps & {
    readonly refreshCookie: HouseCookies['refresh'];
    /** Counts one request of its sender, or throws `rate_limited`. */
    readonly limit: (request: FastifyRequest) => Promise<void>;
    /** Whose access token came along, if one did. */
    readonly bearerOf: (request: FastifyRequest) => MaybeLater<LiveSession | undefined>;
  };

/** Token pairs go on and end here. */
export function tokenRoutes(app: Door, deps: TokenRoutesDeps): void {
  const { refreshCookie } = deps;
  const goOn = sessionKeeper(deps);

  app.post(
    '/api/v1/auth/refresh',
    { schema: { body: RefreshWish.nullish(), response: { 200: TokenAnswer } }, onRequest: deps.limit },
    async (request, reply) => {
      const session = await goOn(request, reply);
      return await issueAccessToken(deps, session, request.body?.company);
    },
  );

  app.post('/api/v1/auth/logout', async (request, reply) => {
    const session = await deps.bearerOf(request);
    // Beside an access token no cookie is read: one that is nobody's must not look like an end.
    if (session === undefined && request.headers.authorization !== undefined)
      throw new AppError('unauthenticated');
    const refreshToken = tokenIn(request, refreshCookie);
    await endTokenSession(deps, { session, refreshToken, origin: originOf(request) });
    refreshCookie.clear(reply);
    return await reply.header('clear-site-data', '"cache"').code(204).send();
  });
}

function tokenIn(request: FastifyRequest, cookie: HouseCookies['refresh']): string | undefined {
  const token = cookie.read(request);
  return token !== undefined && looksLikeToken(token) ? token : undefined;
}

export type KeepSession = (request: FastifyRequest, reply: FastifyReply) => Promise<LiveSession>;

/**
 * The session of this browser's refresh token, which is judged and goes on like at any refresh.
 * @throws AppError `unauthenticated`, and whatever `refreshSession` throws
 */
export function sessionKeeper(deps: RefreshDeps & Pick<TokenRoutesDeps, 'refreshCookie'>): KeepSession {
  const { refreshCookie, clock } = deps;
  return async (request, reply) => {
    const token = tokenIn(request, refreshCookie);
    if (token === undefined) throw new AppError('unauthenticated');
    const refreshed = await refreshSession(deps, { token, origin: originOf(request) }).catch(
      (error: unknown) => {
        if (error instanceof AppError && error.status < 500) refreshCookie.clear(reply);
        throw error;
      },
    );
    setRefreshCookie(refreshCookie, reply, { ...refreshed, now: clock.now() });
    return refreshed.session;
  };
}

type Holding = { readonly session: LiveSession; readonly token: string; readonly now: Date };

/** The cookie ends when the session does, and is sent to the paths of the API surface alone. */
export function setRefreshCookie(
  cookie: HouseCookies['refresh'],
  reply: FastifyReply,
  { session, token, now }: Holding,
): void {
  cookie.set(reply, token, (session.expiresAt.getTime() - now.getTime()) / secondMs);
}
