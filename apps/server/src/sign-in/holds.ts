import { deriveRefreshToken, deriveSessionToken, findSession, findTokenSession } from '../session/index.ts';
import type { SessionLimits } from '../session/index.ts';
import type { Hold } from './deps.ts';

/** What a browser holds after a sign-in at `/auth/login`: the session cookie. */
export function cookieHold(limits: SessionLimits): Hold {
  return {
    kind: 'cookie',
    limits,
    derive: deriveSessionToken,
    tokenOf: ({ sessionToken }) => sessionToken,
    find: findSession,
  };
}

/** And after one at `/api/v1/auth`: the refresh cookie, whose access tokens the page keeps in memory. */
export function tokenHold(limits: SessionLimits): Hold {
  return {
    kind: 'tokens',
    limits,
    derive: deriveRefreshToken,
    tokenOf: ({ refreshToken }) => refreshToken,
    find: (tx, token, { now }) => findTokenSession(tx, token, now),
  };
}
