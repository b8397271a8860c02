import type { FastifyRequest } from 'fastify';
import { AppError } from '../kernel/errors.ts';
import { andThen } from '../kernel/maybe-later.ts';
import type { MaybeLater } from '../kernel/maybe-later.ts';
import type { HouseCookie } from './cookies.ts';

/** Reads who is there from the session cookie; an error on the way is no answer and is thrown on. */
export function sessionFinder<S extends object>(
  readCookie: HouseCookie['read'],
  find: (cookieValue: string) => MaybeLater<S | undefined>,
): (request: FastifyRequest) => MaybeLater<S | undefined> {
  return (request) => {
    const value = readCookie(request);
    return value === undefined ? undefined : find(value);
  };
}

/** What it makes throws `unauthenticated` where nobody is there. */
export function mustBeSignedIn<S extends object>(
  find: (request: FastifyRequest) => MaybeLater<S | undefined>,
): (request: FastifyRequest) => Promise<S> {
  return async (request) =>
    await andThen(find(request), (session) => {
      if (session === undefined) throw new AppError('unauthenticated');
      return session;
    });
}
