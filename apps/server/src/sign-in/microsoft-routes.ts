import { MicrosoftLoginQuery } from '@gatehouse/contract';
import type { Connection } from '../connection/index.ts';
import type { Door } from '../http/door.ts';
import { parseEmailAddress } from '../kernel/email-address.ts';
import { AppError } from '../kernel/errors.ts';
import { parseReturnTo } from './return-to.ts';
import { sendAway, takeBack } from './surface-routes.ts';
import type { Surface } from './surface-routes.ts';

/** “Sign in with Microsoft”: sign-ins that end in a token pair. */
export function microsoftRoutes(
  app: Door,
  { connection, ...deps }: Surface & { readonly connection: Connection },
): void {
  const login = { schema: { querystring: MicrosoftLoginQuery }, onRequest: deps.limits.start };
  app.get('/api/v1/auth/microsoft/login', login, async (request, reply) => {
    const { email, returnTo, prompt, invitation } = request.query;
    const purpose = {
      kind: 'token_pair',
      returnTo: parseReturnTo(returnTo),
      ...(invitation !== undefined && { invitationId: invitation }),
    } as const;
    const loginHint = email === undefined ? undefined : parseEmailAddress(email);
    if (email !== undefined && loginHint === undefined) throw new AppError('email_invalid');
    const hints = { ...(prompt && { prompt }), ...(loginHint && { loginHint }) };
    return await sendAway(deps, { connection, purpose, hints, request, reply });
  });

  app.get(connection.callbackUrl.pathname, { onRequest: deps.limits.callback }, (request, reply) =>
    takeBack(deps, request, reply),
  );
}
