import type { Clock } from './clock.ts';
import { AppError } from './errors.ts';
import type { Json } from './json.ts';

/** The steps of a sign-in, in their order. Which of them a provider has is its own to say. */
export type StepName =
  | 'authorization_url'
  | 'returned'
  | 'attempt'
  | 'code_exchange'
  | 'id_token'
  | 'userinfo'
  | 'profile'
  | 'email'
  | 'account'
  | 'access'
  | 'session';

export type Step = {
  readonly name: StepName;
  readonly outcome: 'ok' | 'failed' | 'not_reached';
  readonly ms: number;
  /** What exactly was found, from our own vocabulary; never text of a provider. */
  readonly finding?: string;
  /** Harmless facts that help to mend: a host, an HTTP status, a clock difference in seconds. Never a secret. */
  readonly facts?: Readonly<Record<string, Json>>;
};

/** A step that ran here, with the times that a stored one does without. */
export type TimedStep = {
  readonly step: Step;
  readonly startedAt: Date;
  /** Not rounded. */
  readonly ms: number;
};

export type Trace = {
  /** Runs one step, measures it, and records a failure with its finding before it is thrown on. */
  step<T>(name: StepName, work: () => Promise<T>): Promise<T>;
  /** Marks the step that runs as failed where a decision, not an error, ends the sign-in. */
  refuse(finding: string): void;
  /** Adds harmless facts to the step that runs. */
  note(facts: Readonly<Record<string, Json>>): void;
  /** The steps so far, in order. */
  steps(): readonly Step[];
  /** Those of them that this trace itself ran. */
  timedSteps(): readonly TimedStep[];
};

type Started = { readonly at: Date; readonly monotonicMs: number };

export function startTrace(clock: Clock, before: readonly Step[] = []): Trace {
  const steps: Step[] = [...before];
  const timed: TimedStep[] = [];
  let facts: Record<string, Json> = {};
  let refusal: string | undefined;
  const record = (name: StepName, started: Started, finding: string | undefined) => {
    const ms = clock.monotonicMs() - started.monotonicMs;
    const bare: Step = { name, outcome: finding === undefined ? 'ok' : 'failed', ms: Math.round(ms) };
    const step = { ...bare, ...(finding && { finding }), ...(Object.keys(facts).length > 0 && { facts }) };
    steps.push(step);
    timed.push({ step, startedAt: started.at, ms });
    facts = {};
    refusal = undefined;
  };
  return {
    async step(name, work) {
      const started = { at: clock.now(), monotonicMs: clock.monotonicMs() };
      try {
        const result = await work();
        record(name, started, refusal);
        return result;
      } catch (error) {
        record(name, started, findingOf(error));
        throw error;
      }
    },
    refuse(finding) {
      refusal = finding;
    },
    note(more) {
      facts = { ...facts, ...more };
    },
    steps: () => steps,
    timedSteps: () => timed,
  };
}

function findingOf(error: unknown): string {
  if (!(error instanceof AppError)) return 'internal_error';
  return error.context.finding ?? error.code;
}
