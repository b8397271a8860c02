import {
  EmailVerification,
  ForgottenPassword,
  MethodAnswer,
  MethodQuestion,
  PasswordReset,
  PasswordSignIn,
  PasswordSignInAnswer,
  Registration,
  TokenAnswer,
} from '@gatehouse/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { HouseCookies } from '../../http/cookies.ts';
import type { Door } from '../../http/door.ts';
import { referenceOf } from '../../http/reference.ts';
import { dayMs, secondMs } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { randomToken } from '../../kernel/tokens.ts';
import type { HandTokens } from '../surface-routes.ts';
import { browserOf } from '../surface-routes.ts';
import type { Surface } from '../surface-routes.ts';
import { forgotPassword, register } from './ask-for-link.ts';
import { addressIn } from './password-deps.ts';
import type { Asking } from './password-deps.ts';
import { resetPassword } from './reset-password.ts';
import { signInByPassword } from './sign-in-by-password.ts';
import type { SignInByPasswordDeps } from './sign-in-by-password.ts';
import { verifyEmail } from './verify-email.ts';

type Hook = (request: FastifyRequest) => Promise<void>;

export type PasswordRoutesDeps = SignInByPasswordDeps &
  Pick<Surface, 'openSession'> & {
    /** Whether the policy knows passwords. */
    readonly arePasswordsOn: boolean;
    readonly cookies: HouseCookies;
    /**
     * Each counts one request of its sender: what sends a mail, what tries or uses something, and every sign-in, before
     * it takes a place among those that are judged at once. For which account it is, is counted later.
     */
    readonly limitOf: Readonly<Record<'ask' | 'use' | 'login', Hook>>;
    readonly handTokens: HandTokens;
  };

/** As long as browsers keep a cookie: a browser that is known is one that shows it. */
export const knownBrowserSeconds = (400 * dayMs) / secondMs;

const Accepted = z.object({});
const Nothing = z.undefined();

/** Signing in by password. Where the policy knows none, each of these says so. */
export function passwordRoutes(app: Door, deps: PasswordRoutesDeps): void {
  const guard = (limit: Hook) => async (request: FastifyRequest) => {
    if (!deps.arePasswordsOn) throw new AppError('password_sign_in_disabled');
    await limit(request);
  };
  const asking = guard(deps.limitOf.ask);
  const using = guard(deps.limitOf.use);
  linkRoutes(app, deps, { asking, using });

  app.post(
    '/api/v1/auth/check-method',
    { schema: { body: MethodQuestion, response: { 200: MethodAnswer } }, onRequest: using },
    ({ body }) => {
      addressIn(body.email);
      return { method: 'password' as const };
    },
  );

  app.post(
    '/api/v1/auth/login',
    {
      schema: { body: PasswordSignIn, response: { 200: PasswordSignInAnswer } },
      onRequest: guard(deps.limitOf.login),
    },
    async (request, reply) => {
      const { email, password, invitation } = request.body;
      const asked = whoAsks(request, deps);
      const right = await signInByPassword(deps, { ...asked, email, password, invitationId: invitation });
      nameBrowser(reply, deps, asked);
      if (right.outcome === 'mfa_required') return { mfaRequired: true as const, mfaToken: right.mfaToken };
      return await deps.handTokens(reply, right.session, right.refreshToken);
    },
  );
}

type Guards = Readonly<Record<'asking' | 'using', Hook>>;

function linkRoutes(app: Door, deps: PasswordRoutesDeps, { asking, using }: Guards): void {
  app.post(
    '/api/v1/auth/register',
    { schema: { body: Registration, response: { 202: Accepted } }, onRequest: asking },
    async (request, reply) => {
      const asked = whoAsks(request, deps);
      await register(deps, { ...asked, ...request.body });
      nameBrowser(reply, deps, asked);
      return await reply.code(202).send({});
    },
  );

  app.post(
    '/api/v1/auth/email/verify',
    { schema: { body: EmailVerification, response: { 200: TokenAnswer } }, onRequest: using },
    async (request, reply) => {
      const asked = whoAsks(request, deps);
      const { session, refreshToken } = await verifyEmail(deps, { ...asked, ...request.body });
      nameBrowser(reply, deps, asked);
      return await deps.handTokens(reply, session, refreshToken);
    },
  );

  app.post(
    '/api/v1/auth/password/forgot',
    { schema: { body: ForgottenPassword, response: { 202: Accepted } }, onRequest: asking },
    async (request, reply) => {
      await forgotPassword(deps, { ...whoAsks(request, deps), ...request.body });
      return await reply.code(202).send({});
    },
  );

  app.post(
    '/api/v1/auth/password/reset',
    { schema: { body: PasswordReset, response: { 204: Nothing } }, onRequest: using },
    async (request, reply) => {
      const asked = whoAsks(request, deps);
      await resetPassword(deps, { ...asked, ...request.body });
      nameBrowser(reply, deps, asked);
      return await reply.code(204).send();
    },
  );
}

/** A browser that has no name yet gets one; it is told where it matters that it is known again. */
export function whoAsks(
  request: FastifyRequest,
  deps: Pick<PasswordRoutesDeps, 'cookies' | 'openSession'>,
): Asking {
  const browser = browserOf(request, deps);
  const { secret = randomToken() } = browser;
  return { browser: { ...browser, secret }, reference: referenceOf(request) };
}

export function nameBrowser(
  reply: FastifyReply,
  { cookies }: Pick<PasswordRoutesDeps, 'cookies'>,
  { browser }: Asking,
): void {
  cookies.attempt.set(reply, browser.secret, knownBrowserSeconds);
}
