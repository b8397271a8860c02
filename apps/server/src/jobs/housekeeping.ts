import { closeOverdueAttempts, forgetAttempts, markNotReturned } from '../attempt/index.ts';
import { ensureAuditMonths, recordEvent } from '../audit/index.ts';
import type { Database, SystemTx } from '../db/scopes.ts';
import { inSystem } from '../db/scopes.ts';
import { forgetExpiredLinks } from '../identity/index.ts';
import type { Clock } from '../kernel/clock.ts';
import { after, dayMs } from '../kernel/clock.ts';
import { forgetSessions } from '../session/index.ts';

const periodMs = 30_000;
/** In one round: enough to catch up with a flood, and an end to it. */
const batchesOfSeals = 50;
const keepEndedSessionsMs = 30 * dayMs;

export type HousekeepingDeps = {
  readonly db: Database;
  readonly clock: Clock;
  /** Seals the next events of the audit trail; returns how many. */
  readonly sealEvents: (tx: SystemTx, now: Date) => Promise<number>;
  readonly onError: (error: unknown) => void;
};

/** Does the house's small chores every half minute until stopped. Any number of processes may do them at once. */
export function startHousekeeping(deps: HousekeepingDeps): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = keepHouse(deps).catch(deps.onError);
  }, periodMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** One round: who never came back, what is kept no longer, next month's audit partition, seals. */
export async function keepHouse({ db, clock, sealEvents }: HousekeepingDeps): Promise<void> {
  const now = clock.now();
  await inSystem(db, (tx) => noteWhoNeverCameBack(tx, now));
  await inSystem(db, async (tx) => {
    await forgetAttempts(tx, now);
    await forgetExpiredLinks(tx, now);
    await forgetSessions(tx, after(now, -keepEndedSessionsMs));
    await ensureAuditMonths(tx, now);
  });
  for (let batch = 0; batch < batchesOfSeals; batch += 1) {
    if ((await inSystem(db, (tx) => sealEvents(tx, now))) === 0) break;
  }
}

async function noteWhoNeverCameBack(tx: SystemTx, now: Date): Promise<void> {
  const references = await closeOverdueAttempts(tx, now);
  await markNotReturned(tx, references, now);
  for (const reference of references) {
    const event = {
      type: 'sign_in.not_returned',
      result: 'refused',
      actor: { kind: 'nobody' },
      reference,
    } as const;
    await recordEvent(tx, event, now);
  }
}
