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

const bearer = /^bearer(?: |$)/i;
const bearerToken = /^bearer +([\w.~+/-]+=*)$/i;

/**
 * Reads who is there from a Bearer token where one was sent, and from nothing else then: a malformed one is nobody's. Else
 * from whatever `otherwise` reads.
 */
export function bearerFinder<S extends object>(
  find: (token: string) => MaybeLater<S | undefined>,
  otherwise: (request: FastifyRequest) => MaybeLater<S | undefined>,
): (request: FastifyRequest) => MaybeLater<S | undefined> {
  return (request) => {
    const { authorization } = request.headers;
    if (authorization === undefined || !bearer.test(authorization)) return otherwise(request);
    const token = bearerToken.exec(authorization)?.[1];
    return token === undefined ? undefined : find(token);
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
