import { hashCallback, readTrace, takeAttempt } from '../attempt/index.ts';
import type { Arrival, Attempt, TakeOutcome } from '../attempt/index.ts';
import { inSystem } from '../db/scopes.ts';
import type { SystemTx } from '../db/scopes.ts';
import { AppError } from '../kernel/errors.ts';
import { looksLikeToken } from '../kernel/tokens.ts';
import { startTrace } from '../kernel/trace.ts';
import type { Step, Trace } from '../kernel/trace.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Provider } from '../provider/provider.ts';
import type { BoundBrowser, Browser, Finished, Leg, Settled, SignInDeps } from './deps.ts';
import { outcomeOf } from './outcome.ts';
import { refuseAndThrow } from './refuse.ts';
import { joinEarlierArrival, refuseStray } from './second-arrival.ts';

/** An attempt that this call goes on with, and the steps of its departure. */
type Taken = { readonly attempt: Attempt; readonly stepsBefore: readonly Step[] };
type NotTaken = Exclude<TakeOutcome, { outcome: 'taken' }>;
type Found = NotTaken | (Taken & { readonly outcome: 'taken' });

export type Callback = { readonly url: URL; readonly browser: Browser };

/**
 * Takes the attempt, proves it with its provider, then settles it in one transaction.
 * @throws AppError `attempt_invalid`, whatever the provider's `finish` throws, or the reason of a refusal
 */
export async function finishSignIn(deps: SignInDeps, { url, browser }: Callback): Promise<Finished> {
  if (!isBound(browser)) return await refuseStray(deps, 'other_browser', browser);
  const found = await takeOrWait(deps, url, browser);
  if (found.outcome !== 'taken') return await joinEarlierArrival(deps, found, browser);
  const settled = await proveAndSettle(deps, found, { url, browser });
  if (settled.outcome === 'refused') throw new AppError(settled.reason, { reference: settled.reference });
  return settled;
}

async function proveAndSettle(
  deps: SignInDeps,
  { attempt, stepsBefore }: Taken,
  { url, browser }: { url: URL; browser: BoundBrowser },
): Promise<Settled> {
  const { remembered, reference, connectionId, begunAt } = attempt;
  const trace = continueTrace(deps, { attempt, stepsBefore });
  let provider: Provider | undefined;
  try {
    const { callbackUrl } = deps.connections.find(connectionId);
    provider = deps.openProvider(connectionId);
    // No transaction is open while we wait on somebody else's network.
    const proven = await provider.finish({ callback: url, callbackUrl, remembered, trace });
    const proof = { attempt, proven, browser, trace, providerSteps: provider.steps };
    const settled = await deps.settle[attempt.purpose.kind](proof);
    deps.onLeg({ reference, connectionId, ...outcomeOfSettled(settled), steps: stepsHere(trace, settled) });
    return settled;
  } catch (error) {
    const record = { reference, connectionId, begunAt };
    return await refuseAndThrow(deps, {
      record,
      attempt,
      error,
      trace,
      browser,
      ...(provider && { provider }),
    });
  }
}

function outcomeOfSettled(settled: Settled): Pick<Leg, 'outcome' | 'refusal'> {
  if (settled.outcome === 'signed_in') return { outcome: 'succeeded' };
  const { reason } = settled;
  return { outcome: outcomeOf(reason), refusal: { code: reason, finding: reason } };
}

function stepsHere(trace: Trace, settled: Settled): Leg['steps'] {
  return [...trace.timedSteps(), ...settled.steps];
}

/** The trace that began with the departure, and what the callback added: how long the person was away. */
function continueTrace(deps: SignInDeps, { attempt, stepsBefore }: Taken): Trace {
  const awayMs = Math.max(0, deps.clock.now().getTime() - attempt.begunAt.getTime());
  const returned: Step[] = [
    { name: 'returned', outcome: 'ok', ms: awayMs },
    { name: 'attempt', outcome: 'ok', ms: 0 },
  ];
  return startTrace(deps.clock, [...stepsBefore, ...returned]);
}

const firstPauseMs = 25;
const longestPauseMs = 400;
const patienceMs = 15_000;

/** Waits, holding no transaction, while the same callback is being settled elsewhere. */
async function takeOrWait(
  deps: SignInDeps,
  url: URL,
  browser: BoundBrowser,
): Promise<Exclude<Found, { outcome: 'in_progress' }>> {
  const state = onlyValue(url, 'state');
  if (state === undefined) return { outcome: 'invalid', finding: 'state_missing' };
  if (!looksLikeToken(state)) return { outcome: 'invalid', finding: 'state_unknown' };
  const callbackHash = hashCallback(url.search);
  const arrival = { state, browserSecret: browser.secret, callbackPath: url.pathname, callbackHash };
  const deadlineMs = deps.clock.monotonicMs() + patienceMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const found = await inSystem(deps.db, (tx) => takeWithTrace(tx, arrival, deps.clock.now()));
    if (found.outcome !== 'in_progress') return found;
    if (deps.clock.monotonicMs() >= deadlineMs) return { outcome: 'invalid', finding: 'abandoned' };
    await sleep(pauseMs);
  }
}

async function takeWithTrace(tx: SystemTx, arrival: Arrival, now: Date): Promise<Found> {
  const found = await takeAttempt(tx, arrival, now);
  if (found.outcome !== 'taken') return found;
  const before = await readTrace(tx, found.attempt.reference);
  return { ...found, stepsBefore: before?.steps ?? [] };
}

function isBound(browser: Browser): browser is BoundBrowser {
  return browser.secret !== undefined;
}

function onlyValue(url: URL, name: string): string | undefined {
  const values = url.searchParams.getAll(name);
  return values.length === 1 ? values[0] : undefined;
}
