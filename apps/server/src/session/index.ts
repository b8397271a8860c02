export { refreshGraceMs } from './judge-refresh.ts';
export { openSeenBook } from './seen-book.ts';
export { openSessionCheck } from './session-check.ts';
export { openBearerCheck } from './bearer-check.ts';
export type { BearerCheckDeps } from './bearer-check.ts';
export type { KnownSession } from './known-session.ts';
export { deriveRefreshToken, findTokenSession, forgetRefreshTokens, refresh } from './refresh-tokens.ts';
export type { Refreshed, RefreshKey } from './refresh-tokens.ts';
export { deriveSessionToken, openSessionToken, sealSessionToken } from './session-token.ts';
export {
  findSession,
  findSessionById,
  forgetSessions,
  freshUntil,
  isContinuedBy,
  isIdle,
  markProved,
  markSeen,
  readSession,
  readTokenSession,
  seenResolutionMs,
} from './sessions.ts';
export type { LiveSession, SessionLimits } from './sessions.ts';
export { endLine, endSessionsOf, listSessionsOf, lockSessionsOf } from './sessions-of-user.ts';
export type { EndedBecause } from './sessions-of-user.ts';
export type { OwnSession } from './sessions-of-user.ts';
export { rotateSession, startSession } from './start-session.ts';
