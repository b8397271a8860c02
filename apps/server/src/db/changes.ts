import type { ClientConfig } from 'pg';
import type { Clock } from '../kernel/clock.ts';
import { minuteMs } from '../kernel/clock.ts';
import { mostChanges, openChangeChannel } from './change-channel.ts';
import type { ChangeChannel, Notes } from './change-channel.ts';
import { openForgetting } from './forgetting.ts';

/** Tells what was read from the database how long it may be repeated. See decision 0012. */
export type Freshness = {
  /** To be taken before reading. */
  moment(): number;
  /** Whether what was read since then, about these subjects, is certain to have been true within the last 700 ms. */
  holds(moment: number, subjects: readonly string[]): boolean;
};

export type ChangeFeed = Freshness & {
  /** Resolves when this process knows of everything that was committed before the call, or trusts nothing any more. */
  catchUp(): Promise<void>;
  stats(): ChangeFeedStats;
  close(): Promise<void>;
};

export type ChangeFeedStats = {
  readonly isConnected: boolean;
  readonly holdsLease: boolean;
  readonly looks: number;
  readonly failures: number;
  readonly changes: number;
  /** How often everything was forgotten. */
  readonly flushes: number;
};

export type ChangeFeedOptions = {
  readonly connection: ClientConfig;
  readonly clock: Clock;
  /** Hears how long a change took from being written to being known here, in seconds. */
  readonly onLag?: (seconds: number) => void;
  readonly onState?: (state: { isConnected: boolean; error?: unknown }) => void;
};

/** From before a look at the database, so long may be repeated what is known. */
const leaseMs = 700;
const lookEveryMs = 250;
/** Notices of a busy minute are answered together. */
const noticePauseMs = 10;
const retryMs = 250;
/** Notes are kept longer than this (`keepChangesMs`); after a longer silence some may be gone. */
const mostSilenceMs = minuteMs;

/** Follows the notes of all processes until closed; while the database cannot be asked, nothing counts as certain. */
export function openChangeFeed(options: ChangeFeedOptions): ChangeFeed {
  const forgetting = openForgetting();
  const wake = openWake();
  const counts = { looks: 0, failures: 0, changes: 0, flushes: 0 };
  let channel: ChangeChannel | undefined;
  let last: { snapshot: string; at: Date; startedMs: number } | undefined;
  let leaseEndsMs = -Infinity;
  let isClosed = false;

  function drop(error?: unknown): void {
    leaseEndsMs = -Infinity;
    last = undefined;
    const gone = channel;
    channel = undefined;
    gone?.close();
    if (gone !== undefined || error !== undefined) options.onState?.({ isConnected: false, error });
  }
  async function connect(): Promise<ChangeChannel> {
    let own: ChangeChannel | undefined = undefined;
    own = await openChangeChannel(options.connection, {
      onNotice: () => {
        wake.notice();
      },
      onGone: () => {
        if (own !== undefined && channel === own) drop();
        wake.now();
      },
    });
    options.onState?.({ isConnected: true });
    return own;
  }
  function take(notes: Notes, startedMs: number): void {
    const silenceMs = last === undefined ? Infinity : silenceBetween(last, { ...notes, startedMs });
    if (silenceMs > mostSilenceMs || notes.changes.length > mostChanges) {
      forgetting.forgetAll();
      counts.flushes += 1;
    }
    for (const { subject, at } of notes.changes) {
      forgetting.forget(subject);
      options.onLag?.(Math.max(0, notes.at.getTime() - at.getTime()) / 1000);
    }
    counts.changes += notes.changes.length;
    last = { ...notes, startedMs };
    leaseEndsMs = startedMs + leaseMs;
  }
  async function look(): Promise<void> {
    channel ??= await connect();
    const startedMs = options.clock.monotonicMs();
    take(await channel.look(last?.snapshot), startedMs);
    counts.looks += 1;
  }
  async function follow(): Promise<void> {
    while (!isClosed) {
      const settle = wake.begin();
      const failed = await look().then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      if (failed !== undefined) {
        counts.failures += 1;
        drop(failed.error);
      }
      settle();
      await wake.within(failed === undefined ? lookEveryMs : retryMs);
    }
    drop();
    wake.end();
  }
  const following = follow();

  const holdsLease = () => options.clock.monotonicMs() < leaseEndsMs;
  return {
    moment: () => forgetting.moment(),
    holds: (moment, subjects) => holdsLease() && forgetting.holds(moment, subjects),
    catchUp: () => (channel === undefined ? Promise.resolve() : wake.nextLook()),
    stats: () => ({ ...counts, isConnected: channel !== undefined, holdsLease: holdsLease() }),
    async close() {
      isClosed = true;
      wake.now();
      await following;
    },
  };
}

type Looked = { readonly at: Date; readonly startedMs: number };

/** By both clocks, ours and the database's: a machine that slept may not have counted. */
function silenceBetween(before: Looked, now: Looked): number {
  return Math.max(now.startedMs - before.startedMs, Math.abs(now.at.getTime() - before.at.getTime()));
}

/** When the next look is due: after a pause, soon after a notice, at once for whoever waits for it. */
function openWake() {
  let waiting: (() => void)[] = [];
  let isDue = false;
  let isNoticed = false;
  let isOver = false;
  let ring: (() => void) | undefined;
  let noticeTimer: NodeJS.Timeout | undefined;

  const now = () => {
    isDue = true;
    ring?.();
  };
  return {
    now,
    notice() {
      if (isNoticed) return;
      isNoticed = true;
      noticeTimer = setTimeout(now, noticePauseMs).unref();
    },
    /** Resolves after a look that has not begun yet. */
    nextLook(): Promise<void> {
      if (isOver) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.push(resolve);
        now();
      });
    },
    /** A look begins: what was asked for until now is answered by it. Returns what to call when it is over. */
    begin(): () => void {
      const answered = waiting;
      waiting = [];
      isDue = false;
      isNoticed = false;
      clearTimeout(noticeTimer);
      return () => {
        for (const resolve of answered) resolve();
      };
    },
    async within(ms: number): Promise<void> {
      if (isDue) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms).unref();
        ring = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      ring = undefined;
    },
    end() {
      isOver = true;
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}
