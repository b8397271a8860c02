import type { InvalidAttempt, Purpose, TakeOutcome } from '../attempt/index.ts';
import { inSystem } from '../db/scopes.ts';
import { AppError } from '../kernel/errors.ts';
import { newReference } from '../kernel/references.ts';
import { startTrace } from '../kernel/trace.ts';
import { deriveSessionToken, isContinuedBy } from '../session/index.ts';
import type { BoundBrowser, Browser, Finished, SignInDeps } from './deps.ts';
import { refuseAndThrow } from './refuse.ts';

/**
 * A double click, a reload or Back at the callback: the same outcome within ten seconds; later it goes on only where
 * the sign-in succeeded and its session, or one that followed it here, is the one this browser holds.
 * @throws AppError `attempt_invalid`, or the reason for which the first arrival was refused
 */
export async function joinEarlierArrival(
  deps: SignInDeps,
  found: Exclude<TakeOutcome, { outcome: 'in_progress' | 'taken' }>,
  browser: BoundBrowser,
): Promise<Finished> {
  switch (found.outcome) {
    case 'succeeded': {
      const sessionToken = deriveSessionToken(browser.secret, found.salt);
      const isAlive = (await deps.sessionOf(sessionToken)) !== undefined;
      return isAlive ? { purpose: found.purpose, sessionToken } : await goOn(deps, found, browser);
    }
    case 'succeeded_before':
      return await goOn(deps, found, browser);
    case 'refused':
      throw new AppError(found.code, { reference: found.reference });
    case 'invalid':
      return await refuseStray(deps, found.finding, browser);
  }
}

/** Goes on, with no new cookie, where the browser still holds the session of that sign-in or one that followed it. */
async function goOn(
  deps: SignInDeps,
  { sessionId, purpose }: { sessionId: string; purpose: Purpose },
  browser: BoundBrowser,
): Promise<Finished> {
  if (await holdsSessionOf(deps, sessionId, browser)) return { purpose };
  return await refuseStray(deps, 'state_used', browser);
}

async function holdsSessionOf(
  deps: SignInDeps,
  sessionId: string,
  { sessionToken }: Browser,
): Promise<boolean> {
  const current = sessionToken === undefined ? undefined : await deps.sessionOf(sessionToken);
  if (current === undefined) return false;
  return await inSystem(deps.db, (tx) => isContinuedBy(tx, sessionId, current));
}

/** Refuses a callback that no attempt of this browser waits for. It gets a trace of its own and uses up nothing. */
export async function refuseStray(
  deps: SignInDeps,
  finding: InvalidAttempt,
  browser: Browser,
): Promise<never> {
  const trace = startTrace(deps.clock);
  const error = new AppError('attempt_invalid', { finding });
  await trace.step('attempt', () => {
    trace.refuse(finding);
    return Promise.resolve();
  });
  const record = { reference: newReference(), connectionId: undefined, begunAt: deps.clock.now() };
  return await refuseAndThrow(deps, { record, error, trace, browser });
}
