import { AppError } from '../kernel/errors.ts';
import type { ErrorContext } from '../kernel/errors.ts';
import type { Json } from '../kernel/json.ts';
import type { StepName, Trace } from '../kernel/trace.ts';

/** One step of a proof. What a refusal found besides its finding – host, status, difference – goes into the trace. */
export function proofStep<Result>(
  trace: Trace,
  name: StepName,
  work: () => Promise<Result>,
): Promise<Result> {
  return trace.step(name, async () => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AppError) trace.note(factsOf(error.context));
      throw error;
    }
  });
}

/** The rest of the context has places of its own. */
const notFacts: ReadonlySet<string> = new Set(['finding', 'detail', 'reference']);

function factsOf(context: ErrorContext): Readonly<Record<string, Json>> {
  const facts: Record<string, Json> = {};
  for (const [name, value] of Object.entries(context)) {
    if (value !== undefined && !notFacts.has(name)) facts[name] = value;
  }
  return facts;
}
