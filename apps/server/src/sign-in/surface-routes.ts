import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Purpose, SignInPurpose } from '../attempt/index.ts';
import type { Connection } from '../connection/index.ts';
import { originOf } from '../http/caller.ts';
import type { HouseCookies } from '../http/cookies.ts';
import { looksLikeToken } from '../kernel/tokens.ts';
import type { SignInHints } from '../provider/provider.ts';
import type { LiveSession } from '../session/index.ts';
import { beginSignIn } from './begin.ts';
import type { Browser, Finished, SignInDeps } from './deps.ts';
import { finishSignIn } from './finish.ts';
import { holdOf } from './holds.ts';
import { returnToOrHome } from './return-to.ts';
import type { AccessToken } from './tokens/access-token.ts';

/** What both surfaces are handed to send browsers away and take them back. */
export type Surface = SignInDeps & {
  readonly cookies: HouseCookies;
  /** Each counts one request of its sender, or throws `rate_limited`. */
  readonly limits: Readonly<Record<'start' | 'callback', (request: FastifyRequest) => Promise<void>>>;
  readonly publicOrigin: URL;
  /** Where the SPA is that holds access tokens. */
  readonly appOrigin: URL;
  /** How long a browser keeps the name by which it is known again. */
  readonly attemptCookieSeconds: number;
  readonly sessionTtlSeconds: number;
  /** The page of an invitation, as a path: of this origin, and of the SPA's. */
  readonly landingPage: (invitationId: string) => string;
  readonly appLandingPage: (invitationId: string) => string;
  readonly sealSession: (token: string) => string;
  readonly openSession: (cookie: string) => string | undefined;
  readonly handTokens: HandTokens;
};

/** Gives the browser the refresh token, where it is a new one, and answers an access token. */
export type HandTokens = (
  reply: FastifyReply,
  session: LiveSession,
  refreshToken?: string,
) => Promise<AccessToken>;

export type Leaving = {
  readonly connection: Connection;
  readonly purpose: Purpose;
  readonly hints: SignInHints;
};

/** 302 to the provider. The browser is given a name, if it has none yet, by which it is known again. */
export async function sendAway(
  deps: Surface,
  { request, reply, ...leaving }: Leaving & { request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  const begun = await beginSignIn(deps, { ...leaving, browser: browserOf(request, deps) });
  deps.cookies.attempt.set(reply, begun.browserSecret, deps.attemptCookieSeconds);
  return await reply.redirect(begun.redirectTo.href, 302);
}

/** 303 to where the sign-in was to lead, with what its surface leaves in the browser. */
export async function takeBack(
  deps: Surface,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const url = new URL(request.raw.url ?? '/', deps.publicOrigin);
  const finished = await finishSignIn(deps, { url, browser: browserOf(request, deps) });
  const location = await goOnTo(deps, reply, finished);
  return await reply.redirect(location, 303);
}

async function goOnTo(
  deps: Surface,
  reply: FastifyReply,
  { purpose, session, token }: Finished,
): Promise<string> {
  const isCookie = holdOf(deps, purpose).kind === 'cookie';
  if (isCookie && token !== undefined) {
    deps.cookies.session.set(reply, deps.sealSession(token), deps.sessionTtlSeconds);
  }
  if (purpose.kind === 'link') {
    const path = returnToOrHome(purpose.returnTo);
    return isCookie ? path : new URL(path, deps.appOrigin).href;
  }
  if (isCookie) return pathAfter(purpose, deps.landingPage);
  const { accessToken } = await deps.handTokens(reply, session, token);
  const page = new URL('/auth/callback', deps.appOrigin);
  page.searchParams.set('token', accessToken);
  const path = pathAfter(purpose, deps.appLandingPage);
  if (path !== '/') page.searchParams.set('returnTo', path);
  return page.href;
}

/** Who follows an invitation and is to go nowhere else comes back to it. */
function pathAfter({ returnTo, invitationId }: SignInPurpose, landingPage: (id: string) => string): string {
  return invitationId !== undefined && returnTo === '/'
    ? landingPage(invitationId)
    : returnToOrHome(returnTo);
}

export function browserOf(
  request: FastifyRequest,
  { cookies, openSession }: Pick<Surface, 'cookies' | 'openSession'>,
): Browser {
  const secret = cookies.attempt.read(request);
  const session = cookies.session.read(request);
  const refreshToken = cookies.refresh.read(request);
  const sessionToken = session === undefined ? undefined : openSession(session);
  return {
    origin: originOf(request),
    ...(secret !== undefined && looksLikeToken(secret) && { secret }),
    ...(sessionToken !== undefined && { sessionToken }),
    ...(refreshToken !== undefined && looksLikeToken(refreshToken) && { refreshToken }),
  };
}
