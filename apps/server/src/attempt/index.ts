export { beginAttempt, hashBrowserSecret, hashCallback, settleAttempt, takeAttempt } from './attempts.ts';
export type {
  Attempt,
  Arrival,
  InvalidAttempt,
  LinkPurpose,
  Purpose,
  Settlement,
  SignInPurpose,
  TakeOutcome,
} from './attempts.ts';
export { closeOverdueAttempts, forgetAttemptsAndTraces, forgetSalts } from './forget.ts';
export { markNotReturned, readTrace, withStepsNotReached, writeTrace } from './traces.ts';
export type { TraceRecord } from './traces.ts';
