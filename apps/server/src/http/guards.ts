import type { FastifyRequest } from 'fastify';
import { AppError } from '../kernel/errors.ts';
import type { HouseCookie } from './cookies.ts';

/**
 * Reads who is there from the session cookie. What it makes throws `unauthenticated` where the cookie leads to no
 * session; an error on the way is no answer and is thrown on.
 */
export function sessionReader<S extends object>(
  cookie: HouseCookie,
  find: (cookieValue: string) => Promise<S | undefined>,
): (request: FastifyRequest) => Promise<S> {
  return async (request) => {
    const value = cookie.read(request);
    const session = value === undefined ? undefined : await find(value);
    if (session === undefined) throw new AppError('unauthenticated');
    return session;
  };
}
