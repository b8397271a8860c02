import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../kernel/errors.ts';
import { isSparedForBearer } from './csrf.ts';

export type HouseCookie = {
  readonly name: string;
  /** Throws `cookie_duplicate` where two of this name arrived: one of them was planted, and nobody can say which. */
  read(request: FastifyRequest): string | undefined;
  /** The same of a `Cookie` header whose request is meant for another application: its method and credentials are not ours to judge. */
  findIn(cookieHeader: string | undefined): string | undefined;
  set(reply: FastifyReply, value: string, maxAgeSeconds: number): void;
  clear(reply: FastifyReply): void;
};

/** The two cookies of the browser surface, no third; and the one of the API surface. */
export type HouseCookies = {
  readonly session: HouseCookie;
  readonly attempt: HouseCookie;
  /** The refresh token; it goes to the paths that sign in, go on and sign out, and to no others. */
  readonly refresh: HouseCookie;
};

type SameSite = 'strict' | 'lax' | 'none';
const spelledSameSite = { strict: 'Strict', lax: 'Lax', none: 'None' } as const;

const valueShape = /^[\w.~-]*$/;

/** Space and tab, and nothing else that only looks blank (RFC 6265 §5.2): browsers hold other blanks for part of a name. */
function trimBlanks(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}

/** Takes the header as it came: a parser that returns one value for a name hides the second. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header?.includes(name) !== true) return undefined;
  let found: string | undefined;
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals === -1 || trimBlanks(pair.slice(0, equals)) !== name) continue;
    if (found !== undefined) throw new AppError('cookie_duplicate');
    found = trimBlanks(pair.slice(equals + 1));
  }
  return found;
}

type Attributes = { readonly isSecure: boolean; readonly path?: string; readonly sameSite?: SameSite };

function houseCookie(name: string, { isSecure, path = '/', sameSite = 'lax' }: Attributes): HouseCookie {
  const attributes = `Path=${path}; HttpOnly; SameSite=${spelledSameSite[sameSite]}${isSecure ? '; Secure' : ''}`;
  const write = (reply: FastifyReply, value: string, maxAgeSeconds: number) => {
    if (!valueShape.test(value)) throw new TypeError(`a value of cookie ${name} needs quoting`);
    reply.header('set-cookie', `${name}=${value}; Max-Age=${Math.floor(maxAgeSeconds)}; ${attributes}`);
  };
  return {
    name,
    // Whoever was spared the proof against forgery for their Bearer token is judged by that token alone.
    read: (request) =>
      isSparedForBearer(request.method, request.headers.authorization)
        ? undefined
        : readCookie(request.raw.headers.cookie, name),
    findIn: (cookieHeader) => readCookie(cookieHeader, name),
    set: write,
    clear: (reply) => {
      write(reply, '', 0);
    },
  };
}

/** Prefix and `Secure` follow the configured address, never the request: a proxy may speak plain http to us. */
export function houseCookies(publicOrigin: URL, refreshSameSite: SameSite = 'lax'): HouseCookies {
  const isSecure = publicOrigin.protocol === 'https:';
  const prefix = isSecure ? '__Host-' : '';
  return {
    session: houseCookie(`${prefix}gatehouse`, { isSecure }),
    attempt: houseCookie(`${prefix}gatehouse-attempt`, { isSecure }),
    // Its name is promised, and its path keeps it out of requests for anything else.
    refresh: houseCookie('refresh_token', { isSecure, path: '/api/v1/auth', sameSite: refreshSameSite }),
  };
}
