import type { FastifyRequest } from 'fastify';
import { AppError } from '../kernel/errors.ts';
import type { HouseCookie } from './cookies.ts';

export type SessionGuard<S> = {
  /** A `preHandler`. Throws `unauthenticated` unless the cookie leads to a session. */
  readonly check: (request: FastifyRequest) => Promise<void>;
  /** The session that `check` found for this request. */
  readonly sessionOf: (request: FastifyRequest) => S;
};

export function requireSession<S extends object>(
  cookie: HouseCookie,
  sessionOf: (cookieValue: string) => Promise<S | undefined>,
): SessionGuard<S> {
  const found = new WeakMap<FastifyRequest, S>();
  return {
    check: async (request) => {
      const value = cookie.read(request);
      const session = value === undefined ? undefined : await sessionOf(value);
      if (session === undefined) throw new AppError('unauthenticated');
      found.set(request, session);
    },
    sessionOf: (request) => {
      const session = found.get(request);
      if (session === undefined) throw new Error('this route does not check the session');
      return session;
    },
  };
}
