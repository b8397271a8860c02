import { MfaVerification, TokenAnswer } from '@gatehouse/contract';
import type { FastifyRequest } from 'fastify';
import type { Door } from '../../http/door.ts';
import { referenceOf } from '../../http/reference.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Browser } from '../deps.ts';
import type { HandTokens } from '../surface-routes.ts';
import { verifyMfa } from './verify-mfa.ts';
import type { VerifyMfaDeps } from './verify-mfa.ts';

export type MfaRoutesDeps = VerifyMfaDeps & {
  readonly arePasswordsOn: boolean;
  /** Counts one request of its sender, or throws `rate_limited`. */
  readonly limit: (request: FastifyRequest) => Promise<void>;
  readonly browserOf: (request: FastifyRequest) => Browser;
  readonly handTokens: HandTokens;
};

/** The second step of a sign-in by password. */
export function mfaRoutes(app: Door, { browserOf, handTokens, limit, ...deps }: MfaRoutesDeps): void {
  app.post(
    '/api/v1/auth/mfa/verify',
    { schema: { body: MfaVerification, response: { 200: TokenAnswer } }, onRequest: limit },
    async (request, reply) => {
      if (!deps.arePasswordsOn) throw new AppError('password_sign_in_disabled');
      const step = { ...request.body, browser: browserOf(request), reference: referenceOf(request) };
      const { session, refreshToken } = await verifyMfa(deps, step);
      return await handTokens(reply, session, refreshToken);
    },
  );
}
