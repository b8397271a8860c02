import type { InvalidAttempt, Purpose, TakeOutcome } from '../attempt/index.ts';
import { inSystem } from '../db/scopes.ts';
import { AppError } from '../kernel/errors.ts';
import { newReference } from '../kernel/references.ts';
import { startTrace } from '../kernel/trace.ts';
import { findSessionById, isContinuedBy } from '../session/index.ts';
import type { LiveSession } from '../session/index.ts';
import type { BoundBrowser, Browser, Finished, SignInDeps } from './deps.ts';
import { holdOf } from './holds.ts';
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
      if (found.purpose.kind === 'link' && found.purpose.surface === 'tokens')
        return await goOnLinking(deps, found, browser);
      const token = holdOf(deps, found.purpose).derive(browser.secret, found.salt);
      const session = await sessionBehind(deps, found.purpose, token);
      return session === undefined
        ? await goOn(deps, found, browser)
        : { purpose: found.purpose, session, token };
    }
    case 'succeeded_before':
      // Only who signed in goes on; what was linked was told once.
      return found.purpose.kind === 'link'
        ? await refuseStray(deps, 'state_used', browser)
        : await goOn(deps, found, browser);
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
  const heldToken = holdOf(deps, purpose).tokenOf(browser);
  const session = heldToken === undefined ? undefined : await sessionBehind(deps, purpose, heldToken);
  const isItsOwn =
    session !== undefined && (await inSystem(deps.db, (tx) => isContinuedBy(tx, sessionId, session)));
  return isItsOwn ? { purpose, session } : await refuseStray(deps, 'state_used', browser);
}

/** A token pair is not sent along to every callback; its session goes on as it was. */
async function goOnLinking(
  deps: SignInDeps,
  { sessionId, purpose }: { sessionId: string; purpose: Purpose },
  browser: BoundBrowser,
): Promise<Finished> {
  const session = await inSystem(deps.db, (tx) => findSessionById(tx, sessionId, deps.clock.now()));
  return session === undefined ? await refuseStray(deps, 'state_used', browser) : { purpose, session };
}

async function sessionBehind(
  deps: SignInDeps,
  purpose: Purpose,
  token: string,
): Promise<LiveSession | undefined> {
  const { find, limits } = holdOf(deps, purpose);
  return await inSystem(deps.db, (tx) => find(tx, token, { limits, now: deps.clock.now() }));
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
