export {
  beginAttempt,
  closeOverdueAttempts,
  forgetAttempts,
  hashBrowserSecret,
  hashCallback,
  replayMs,
  settleAttempt,
  takeAttempt,
} from './attempts.ts';
export type { Attempt, Arrival, InvalidAttempt, Purpose, Settlement, TakeOutcome } from './attempts.ts';
export { markNotReturned, readTrace, withStepsNotReached, writeTrace } from './traces.ts';
export type { TraceRecord } from './traces.ts';
