export { deriveSessionToken, openSessionToken, sealSessionToken } from './session-token.ts';
export { endSession, findSession, forgetSessions, isContinuedBy, startSession } from './sessions.ts';
export type { LiveSession, NewSession, SessionLimits } from './sessions.ts';
