import { MfaVerification, TokenAnswer } from '@gatehouse/contract';
import type { FastifyRequest } from 'fastify';
import type { Door } from '../../http/door.ts';
import { AppError } from '../../kernel/errors.ts';
import { nameBrowser, whoAsks } from './password-routes.ts';
import type { PasswordRoutesDeps } from './password-routes.ts';
import { verifyMfa } from './verify-mfa.ts';
import type { VerifyMfaDeps } from './verify-mfa.ts';

export type MfaRoutesDeps = VerifyMfaDeps &
  Pick<PasswordRoutesDeps, 'arePasswordsOn' | 'cookies' | 'openSession' | 'handTokens'> & {
    /** Counts one request of its sender, or throws `rate_limited`. */
    readonly limit: (request: FastifyRequest) => Promise<void>;
  };

/** The second step of a sign-in by password. */
export function mfaRoutes(app: Door, { limit, ...deps }: MfaRoutesDeps): void {
  app.post(
    '/api/v1/auth/mfa/verify',
    { schema: { body: MfaVerification, response: { 200: TokenAnswer } }, onRequest: limit },
    async (request, reply) => {
      if (!deps.arePasswordsOn) throw new AppError('password_sign_in_disabled');
      const asked = whoAsks(request, deps);
      const { session, refreshToken } = await verifyMfa(deps, { ...request.body, ...asked });
      nameBrowser(reply, deps, asked);
      return await deps.handTokens(reply, session, refreshToken);
    },
  );
}
