import type { SystemTx } from '../db/scopes.ts';
import { after, dayMs, minuteMs } from '../kernel/clock.ts';
import { replayMs } from './attempts.ts';

const keptMs = 7 * dayMs;
/** Longer than any sign-in is under way: whoever took the attempt has died. */
const takenAndLostMs = minuteMs;
const batchSize = 500;

export type ClosedAttempt = {
  readonly reference: string;
  readonly connectionId: string;
  /** The person did come back; the process that took the attempt never settled it. */
  readonly wasTaken: boolean;
};

/** Closes attempts that never came back, or were dropped by a process that died; five hundred at most. */
export async function closeOverdueAttempts(tx: SystemTx, now: Date): Promise<ClosedAttempt[]> {
  const rows = await tx
    .updateTable('attempts')
    .set({ settled_at: now, outcome: 'did_not_return', remembered: null })
    .where('id', 'in', (attempts) =>
      attempts
        .selectFrom('attempts')
        .select('id')
        .where('settled_at', 'is', null)
        .where('expires_at', '<=', now)
        .where((row) =>
          row.or([row('taken_at', 'is', null), row('taken_at', '<', after(now, -takenAndLostMs))]),
        )
        .orderBy('expires_at')
        .limit(batchSize)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['reference', 'connection_id', 'taken_at'])
    .execute();
  return rows.map((row) => ({
    reference: row.reference,
    connectionId: row.connection_id,
    wasTaken: row.taken_at !== null,
  }));
}

/** A salt has done its work after ten seconds. */
export async function forgetSalts(tx: SystemTx, now: Date): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('attempts')
    .set({ salt: null })
    .where('id', 'in', (attempts) =>
      attempts
        .selectFrom('attempts')
        .select('id')
        .where('salt', 'is not', null)
        .where('settled_at', '<', after(now, -replayMs))
        .limit(batchSize),
    )
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** An attempt and its trace are kept for seven days. */
export async function forgetAttemptsAndTraces(tx: SystemTx, now: Date): Promise<number> {
  const before = after(now, -keptMs);
  const attempts = await tx
    .deleteFrom('attempts')
    .where('id', 'in', (old) =>
      old.selectFrom('attempts').select('id').where('begun_at', '<', before).limit(batchSize),
    )
    .executeTakeFirst();
  const traces = await tx
    .deleteFrom('traces')
    .where('reference', 'in', (old) =>
      old.selectFrom('traces').select('reference').where('begun_at', '<', before).limit(batchSize),
    )
    .executeTakeFirst();
  return Number(attempts.numDeletedRows) + Number(traces.numDeletedRows);
}
