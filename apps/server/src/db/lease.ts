import type { Clock } from '../kernel/clock.ts';
import { minuteMs } from '../kernel/clock.ts';
import { mostChanges } from './change-channel.ts';
import type { Notes } from './change-channel.ts';
import { openForgetting } from './forgetting.ts';

export type LeaseStats = {
  readonly holdsLease: boolean;
  readonly looks: number;
  readonly changes: number;
  /** How often everything was forgotten. */
  readonly flushes: number;
};

export type Lease = {
  moment(): number;
  holds(moment: number, subjects: readonly string[]): boolean;
  /** Forgets what the notes name, and trusts what is left, counted from before the look that they are from. */
  renew(notes: Notes, startedMs: number): void;
  /** Nothing counts as certain, until the next look and then nothing that was known before. */
  drop(): void;
  /** What the last look saw; none where the next one begins anew. */
  snapshot(): string | undefined;
  /** On the monotonic clock: whatever was committed before this is known here. Undefined without the lease. */
  knownUntilMs(): number | undefined;
  stats(): LeaseStats;
};

export type LeaseOptions = {
  readonly clock: Clock;
  /** Hears how long a change took from being written to being known here, in seconds. */
  readonly onLag?: (seconds: number) => void;
};

const leaseMs = 700;
/** Notes are kept for ten minutes; whoever was silent for longer than this may have missed some. */
const mostSilenceMs = minuteMs;

/** How long this process may repeat what it knows. See decision 0012. */
export function openLease({ clock, onLag }: LeaseOptions): Lease {
  const forgetting = openForgetting();
  const counts = { looks: 0, changes: 0, flushes: 0 };
  let last: Look | undefined;
  let endsMs = -Infinity;
  const holdsLease = () => clock.monotonicMs() < endsMs;

  return {
    moment: () => forgetting.moment(),
    holds: (moment, subjects) => holdsLease() && forgetting.holds(moment, subjects),
    renew(notes, startedMs) {
      const look = { ...notes, startedMs };
      if (!continues(last, look) || notes.changes.length > mostChanges) {
        forgetting.forgetAll();
        counts.flushes += 1;
      }
      for (const { subject, at } of notes.changes) {
        forgetting.forget(subject);
        onLag?.(Math.max(0, notes.at.getTime() - at.getTime()) / 1000);
      }
      counts.looks += 1;
      counts.changes += notes.changes.length;
      last = look;
      endsMs = startedMs + leaseMs;
    },
    drop() {
      endsMs = -Infinity;
      last = undefined;
    },
    snapshot: () => last?.snapshot,
    knownUntilMs: () => (holdsLease() ? last?.startedMs : undefined),
    stats: () => ({ ...counts, holdsLease: holdsLease() }),
  };
}

type Look = Pick<Notes, 'snapshot' | 'at' | 'server'> & { readonly startedMs: number };

/** Whether nothing can have been missed since the look before: the same server answers, after a short while. */
function continues(before: Look | undefined, now: Look): boolean {
  if (before?.server !== now.server) return false;
  // By both clocks, ours and the database's: a machine that slept may not have counted.
  const silenceMs = Math.max(
    now.startedMs - before.startedMs,
    Math.abs(now.at.getTime() - before.at.getTime()),
  );
  return silenceMs <= mostSilenceMs;
}
