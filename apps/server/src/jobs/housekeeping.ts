import { setTimeout as sleep } from 'node:timers/promises';
import {
  closeOverdueAttempts,
  forgetAttemptsAndTraces,
  forgetSalts,
  markNotReturned,
} from '../attempt/index.ts';
import { ensureAuditMonths, recordEvent } from '../audit/index.ts';
import type { Database, SystemTx } from '../db/scopes.ts';
import { inSystem } from '../db/scopes.ts';
import { forgetEmailProofs, forgetExpiredLinks } from '../identity/index.ts';
import type { Clock } from '../kernel/clock.ts';
import { after, dayMs } from '../kernel/clock.ts';
import { forgetRefreshTokens, forgetSessions } from '../session/index.ts';

const periodMs = 30_000;
/** In one round, for each chore: enough to catch up with a flood, and an end to it. */
const mostBatches = 50;
const keepEndedSessionsMs = 30 * dayMs;

/** How much was done, and what to tell of it once it is committed. */
type Done = number | { readonly count: number; readonly tell: () => void };

/** Does a bounded part of its work in one transaction; returns how much, and is asked again until that is nothing. */
export type Chore = (tx: SystemTx, now: Date) => Promise<Done>;

export type HousekeepingDeps = {
  readonly db: Database;
  readonly clock: Clock;
  /** What needs more than a transaction and the time: keys, or what no flow may know. Done last, in this order. */
  readonly moreChores: readonly Chore[];
  /** Hears of every sign-in that never came back from this connection. */
  readonly onNotReturned?: (connectionId: string) => void;
  readonly onError: (error: unknown) => void;
};

/** Does the house's chores every half minute until stopped. Any number of processes may do them at once. */
export function startHousekeeping(deps: HousekeepingDeps): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const rounds = keepHouseUntil(deps, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await rounds;
    },
  };
}

async function keepHouseUntil(deps: HousekeepingDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(periodMs, undefined, { signal, ref: false }).catch(() => undefined); // woken to stop
    await keepHouse(deps, signal);
  }
}

/** One round of all chores. One that fails is told, and keeps no other from being done. */
export async function keepHouse(deps: HousekeepingDeps, signal?: AbortSignal): Promise<void> {
  const chores: readonly Chore[] = [
    (tx, now) => noteWhoNeverCameBack(tx, now, deps.onNotReturned),
    forgetSalts,
    forgetAttemptsAndTraces,
    forgetExpiredLinks,
    forgetEmailProofs,
    (tx, now) => forgetSessions(tx, after(now, -keepEndedSessionsMs)),
    forgetRefreshTokens,
    ensureAuditMonths,
    ...deps.moreChores,
  ];
  for (const chore of chores) await doChore(deps, chore, signal).catch(deps.onError);
}

async function doChore(
  { db, clock }: HousekeepingDeps,
  chore: Chore,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let batch = 0; batch < mostBatches && signal?.aborted !== true; batch += 1) {
    const done = await inSystem(db, (tx) => chore(tx, clock.now()));
    if (typeof done !== 'number') done.tell();
    if ((typeof done === 'number' ? done : done.count) === 0) return;
  }
}

async function noteWhoNeverCameBack(
  tx: SystemTx,
  now: Date,
  onNotReturned: HousekeepingDeps['onNotReturned'],
): Promise<Done> {
  const closed = await closeOverdueAttempts(tx, now);
  await markNotReturned(
    tx,
    closed.map(({ reference }) => reference),
    now,
  );
  for (const { reference, wasTaken } of closed) {
    const event = { type: 'sign_in.not_returned', result: 'refused', actor: { kind: 'nobody' } } as const;
    await recordEvent(tx, { ...event, reference, ...(wasTaken && { reason: 'abandoned' }) }, now);
  }
  const tell = () => {
    for (const { connectionId } of closed) onNotReturned?.(connectionId);
  };
  return { count: closed.length, tell };
}
