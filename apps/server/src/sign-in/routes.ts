import { LoginQuery, ProvidersAnswer } from '@gatehouse/contract';
import type { FastifyRequest } from 'fastify';
import { originOf } from '../http/caller.ts';
import type { HouseCookies } from '../http/cookies.ts';
import type { Door } from '../http/door.ts';
import type { Purpose } from '../attempt/index.ts';
import type { Connection } from '../connection/index.ts';
import { parseEmailAddress } from '../kernel/email-address.ts';
import { AppError } from '../kernel/errors.ts';
import { looksLikeToken } from '../kernel/tokens.ts';
import { beginSignIn } from './begin.ts';
import type { Browser, SignInDeps } from './deps.ts';
import { finishSignIn } from './finish.ts';
import { parseReturnTo, returnToOrHome } from './return-to.ts';
import { signOut } from './sign-out.ts';

export type SignInRoutes = SignInDeps & {
  readonly cookies: HouseCookies;
  /** Each counts one request of its sender, or throws `rate_limited`. */
  readonly limits: Readonly<Record<'start' | 'callback', (request: FastifyRequest) => Promise<void>>>;
  readonly publicOrigin: URL;
  /** What the sign-in page draws beside the connections. */
  readonly policy: Pick<ProvidersAnswer, 'mode' | 'policy'>;
  readonly sessionTtlSeconds: number;
  /** The page of an invitation, as a path of this origin. */
  readonly landingPage: (invitationId: string) => string;
  readonly sealSession: (token: string) => string;
  readonly openSession: (cookie: string) => string | undefined;
};

const attemptCookieSeconds = 3600;

export function signInRoutes(app: Door, deps: SignInRoutes): void {
  const { cookies, limits } = deps;

  app.get('/auth/providers', { schema: { response: { 200: ProvidersAnswer } } }, () => ({
    ...deps.policy,
    password: false,
    providers: deps.connections.list().map(toButton),
  }));

  const login = { schema: { querystring: LoginQuery }, onRequest: limits.start };
  app.get('/auth/login', login, async (request, reply) => {
    const { provider, email, returnTo, prompt, invitation } = request.query;
    const purpose = {
      kind: 'session',
      returnTo: parseReturnTo(returnTo),
      ...(invitation !== undefined && { invitationId: invitation }),
    } as const;
    const connection = chooseConnection(deps, { provider, email });
    const hints = { selectAccount: prompt === 'select_account' };
    const begun = await beginSignIn(deps, { connection, purpose, hints, browser: browserOf(request, deps) });
    cookies.attempt.set(reply, begun.browserSecret, attemptCookieSeconds);
    return await reply.redirect(begun.redirectTo.href, 302);
  });

  app.get('/auth/callback', { onRequest: limits.callback }, async (request, reply) => {
    const url = new URL(request.raw.url ?? '/', deps.publicOrigin);
    if (url.searchParams.has('token') && !url.searchParams.has('state')) return reply.sendPage();
    const finished = await finishSignIn(deps, { url, browser: browserOf(request, deps) });
    if (finished.sessionToken !== undefined) {
      cookies.session.set(reply, deps.sealSession(finished.sessionToken), deps.sessionTtlSeconds);
    }
    return await reply.redirect(goOnAt(finished.purpose, deps), 303);
  });

  app.post('/auth/logout', async (request, reply) => {
    await signOut(deps, browserOf(request, deps));
    cookies.session.clear(reply);
    return await reply.header('clear-site-data', '"cache"').code(204).send();
  });
}

/** Who follows an invitation and is to go nowhere else comes back to it. */
function goOnAt({ returnTo, invitationId }: Purpose, { landingPage }: SignInRoutes): string {
  return invitationId !== undefined && returnTo === '/'
    ? landingPage(invitationId)
    : returnToOrHome(returnTo);
}

function browserOf(request: FastifyRequest, { cookies, openSession }: SignInRoutes): Browser {
  const secret = cookies.attempt.read(request);
  const session = cookies.session.read(request);
  const sessionToken = session === undefined ? undefined : openSession(session);
  return {
    origin: originOf(request),
    ...(secret !== undefined && looksLikeToken(secret) && { secret }),
    ...(sessionToken !== undefined && { sessionToken }),
  };
}

function toButton({ id, name }: Connection): ProvidersAnswer['providers'][number] {
  return { id, name, loginUrl: `/auth/login?provider=${id}` };
}

/** @throws AppError `provider_unknown`, `email_invalid`, `connection_unknown` */
function chooseConnection(
  { connections }: SignInDeps,
  { provider, email }: { provider: string | undefined; email: string | undefined },
): Connection {
  if (provider !== undefined) return connections.find(provider);
  if (email === undefined) throw new AppError('provider_unknown');
  if (parseEmailAddress(email) === undefined) throw new AppError('email_invalid');
  throw new AppError('connection_unknown');
}
