import { LoginQuery, ProvidersAnswer } from '@gatehouse/contract';
import type { Connection } from '../connection/index.ts';
import type { Door } from '../http/door.ts';
import { parseEmailAddress } from '../kernel/email-address.ts';
import { AppError } from '../kernel/errors.ts';
import type { SignInDeps } from './deps.ts';
import { sessionOfCookie } from './begin-link.ts';
import { leaveToLink, mustComeFromHere } from './link-routes.ts';
import { parseReturnTo } from './return-to.ts';
import { signOut } from './sign-out.ts';
import { browserOf, sendAway, takeBack } from './surface-routes.ts';
import type { Surface } from './surface-routes.ts';

export type SignInRoutes = Surface & {
  /** What the sign-in page draws beside the connections. */
  readonly policy: Pick<ProvidersAnswer, 'mode' | 'policy' | 'password'>;
};

/** The browser surface: sign-ins that end in a cookie. */
export function signInRoutes(app: Door, deps: SignInRoutes): void {
  const { cookies, limits } = deps;

  app.get('/auth/providers', { schema: { response: { 200: ProvidersAnswer } } }, () => ({
    ...deps.policy,
    providers: deps.connections.list().map(toButton),
  }));

  const login = { schema: { querystring: LoginQuery }, onRequest: limits.start };
  app.get('/auth/login', login, async (request, reply) => {
    const { provider, email, returnTo, prompt, invitation, link } = request.query;
    if (link !== undefined) {
      mustComeFromHere(request);
      const sessionOf = () => sessionOfCookie(deps, browserOf(request, deps));
      return await leaveToLink(deps, { provider, returnTo, sessionOf, request, reply });
    }
    const purpose = {
      kind: 'session',
      returnTo: parseReturnTo(returnTo),
      ...(invitation !== undefined && { invitationId: invitation }),
    } as const;
    const connection = chooseConnection(deps, { provider, email });
    return await sendAway(deps, {
      connection,
      purpose,
      hints: { ...(prompt && { prompt }) },
      request,
      reply,
    });
  });

  app.get('/auth/callback', { onRequest: limits.callback }, async (request, reply) => {
    const { searchParams } = new URL(request.raw.url ?? '/', deps.publicOrigin);
    if (searchParams.has('token') && !searchParams.has('state')) return reply.sendPage();
    return await takeBack(deps, request, reply);
  });

  app.post('/auth/logout', async (request, reply) => {
    await signOut(deps, browserOf(request, deps));
    cookies.session.clear(reply);
    return await reply.header('clear-site-data', '"cache"').code(204).send();
  });
}

function toButton({ id, name, surface }: Connection): ProvidersAnswer['providers'][number] {
  const loginUrl = surface === 'api' ? `/api/v1/auth/${id}/login` : `/auth/login?provider=${id}`;
  return { id, name, loginUrl };
}

/** @throws AppError `provider_unknown`, `email_invalid`, `connection_unknown` */
function chooseConnection(
  { connections }: SignInDeps,
  { provider, email }: { provider: string | undefined; email: string | undefined },
): Connection {
  if (provider !== undefined) {
    const connection = connections.find(provider);
    if (connection.surface !== 'browser') throw new AppError('provider_unknown');
    return connection;
  }
  if (email === undefined) throw new AppError('provider_unknown');
  if (parseEmailAddress(email) === undefined) throw new AppError('email_invalid');
  throw new AppError('connection_unknown');
}
