import { deriveRefreshToken, deriveSessionToken, findSession, findTokenSession } from '../session/index.ts';
import type { SessionLimits } from '../session/index.ts';
import type { Purpose } from '../attempt/index.ts';
import type { Hold, SignInDeps } from './deps.ts';

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

/** What the browser holds in which an attempt began: what it ends in, or what somebody adds a way in by. */
export function holdOf({ holds }: Pick<SignInDeps, 'holds'>, purpose: Purpose): Hold {
  if (purpose.kind !== 'link') return holds[purpose.kind];
  return purpose.surface === 'cookie' ? holds.session : holds.token_pair;
}
