export { deriveSessionToken, openSessionToken, sealSessionToken } from './session-token.ts';
export {
  endSession,
  findSession,
  forgetSessions,
  isContinuedBy,
  isIdle,
  markSeen,
  seenResolutionMs,
  startSession,
} from './sessions.ts';
export type { LiveSession, NewSession, SessionLimits } from './sessions.ts';
