import type { SystemTx } from '../db/scopes.ts';
import type { Step, StepName } from '../kernel/trace.ts';

export type TraceRecord = {
  readonly reference: string;
  readonly connectionId: string | undefined;
  readonly begunAt: Date;
  readonly endedAt: Date | undefined;
  readonly outcome: 'in_progress' | 'succeeded' | 'refused' | 'did_not_return';
  readonly code: string | undefined;
  readonly steps: readonly Step[];
};

/** Writes the trace as it stands now; one reference has one trace. */
export async function writeTrace(tx: SystemTx, trace: TraceRecord): Promise<void> {
  const changing = {
    ended_at: trace.endedAt ?? null,
    outcome: trace.outcome,
    code: trace.code ?? null,
    steps: JSON.stringify(trace.steps),
  };
  await tx
    .insertInto('traces')
    .values({
      reference: trace.reference,
      connection_id: trace.connectionId ?? null,
      begun_at: trace.begunAt,
      ...changing,
    })
    .onConflict((conflict) => conflict.column('reference').doUpdateSet(changing))
    .execute();
}

export async function readTrace(tx: SystemTx, reference: string): Promise<TraceRecord | undefined> {
  const row = await tx.selectFrom('traces').selectAll().where('reference', '=', reference).executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    reference: row.reference,
    connectionId: row.connection_id ?? undefined,
    begunAt: row.begun_at,
    endedAt: row.ended_at ?? undefined,
    outcome: row.outcome,
    code: row.code ?? undefined,
    // The column holds what `writeTrace` wrote.
    steps: row.steps as unknown as readonly Step[],
  };
}

export async function markNotReturned(tx: SystemTx, references: readonly string[], now: Date): Promise<void> {
  if (references.length === 0) return;
  await tx
    .updateTable('traces')
    .set({ ended_at: now, outcome: 'did_not_return' })
    .where('reference', 'in', references)
    .where('outcome', '=', 'in_progress')
    .execute();
}

/** The steps that ran, followed by those that were not reached. */
export function withStepsNotReached(steps: readonly Step[], expected: readonly StepName[]): Step[] {
  const reached = new Set(steps.map((step) => step.name));
  const missing = expected.filter((name) => !reached.has(name));
  return [...steps, ...missing.map((name): Step => ({ name, outcome: 'not_reached', ms: 0 }))];
}
