import { settleAttempt, withStepsNotReached, writeTrace } from '../attempt/index.ts';
import type { Attempt, TraceRecord } from '../attempt/index.ts';
import { recordEvent } from '../audit/index.ts';
import type { SystemTx } from '../db/scopes.ts';
import { inSystem } from '../db/scopes.ts';
import { AppError } from '../kernel/errors.ts';
import type { ErrorCode } from '../kernel/errors.ts';
import type { StepName, Trace } from '../kernel/trace.ts';
import type { Provider } from '../provider/provider.ts';
import type { Browser, SignInDeps } from './deps.ts';
import { outcomeOf } from './outcome.ts';

/** The steps that every settlement takes after the provider's own. */
const settlementSteps: readonly StepName[] = ['account', 'access', 'session'];

export type Refusal = {
  readonly record: Pick<TraceRecord, 'reference' | 'connectionId' | 'begunAt'>;
  /** The attempt that ends with it; none where the callback belonged to none. */
  readonly attempt?: Attempt;
  readonly code: ErrorCode;
  readonly finding: string;
  readonly trace: Trace;
  readonly expectedSteps: readonly StepName[];
  readonly browser: Browser;
};

/** What a refused sign-in writes: its audit event, its trace, and that its attempt is over. Nothing else. */
export async function recordRefusal(tx: SystemTx, refusal: Refusal, now: Date): Promise<void> {
  const { record, attempt, code, finding, trace, browser } = refusal;
  const event = { type: 'sign_in.refused', result: 'refused', actor: { kind: 'nobody' } } as const;
  const details = { code, connection: record.connectionId ?? null };
  const steps = withStepsNotReached(trace.steps(), refusal.expectedSteps);
  if (attempt !== undefined)
    await settleAttempt(tx, attempt.id, { settlement: { outcome: 'refused', code }, now });
  await writeTrace(tx, { ...record, endedAt: now, outcome: 'refused', code, steps });
  const reason = { reference: record.reference, reason: finding, origin: browser.origin, details };
  await recordEvent(tx, { ...event, ...reason }, now);
}

/** All steps of a sign-in, in order, whose provider takes these. */
export function stepsOfSignIn(providerSteps: readonly StepName[]): readonly StepName[] {
  return ['authorization_url', 'returned', 'attempt', ...providerSteps, ...settlementSteps];
}

export type Failure = {
  readonly record: Refusal['record'];
  readonly attempt?: Attempt;
  readonly error: unknown;
  readonly trace: Trace;
  readonly provider?: Provider;
  readonly browser: Browser;
};

/** Records what failed, then throws it on with the reference of its trace. What is no expected failure stays a bug. */
export async function refuseAndThrow(deps: SignInDeps, failure: Failure): Promise<never> {
  const { record, error, attempt, trace, provider, browser } = failure;
  const code = error instanceof AppError ? error.code : 'internal_error';
  const context = error instanceof AppError ? error.context : {};
  const finding = context.finding ?? code;
  deps.onLeg({
    reference: record.reference,
    connectionId: record.connectionId,
    outcome: outcomeOf(code),
    refusal: { code, finding },
    steps: trace.timedSteps(),
  });
  const isStorageAway = code === 'storage_unavailable' && context.finding !== 'contention';
  if (isStorageAway) throw error;
  const expectedSteps = provider === undefined ? [] : stepsOfSignIn(provider.steps);
  const refusal = { record, code, finding, trace, browser, expectedSteps };
  const now = deps.clock.now();
  const { reference } = record;
  try {
    await inSystem(deps.db, (tx) => recordRefusal(tx, { ...refusal, ...(attempt && { attempt }) }, now));
  } catch (recording) {
    if (!(recording instanceof AppError)) throw recording;
    throw new AppError(recording.code, { ...recording.context, reference }, { cause: error });
  }
  throw new AppError(code, { ...context, reference }, { cause: error });
}
