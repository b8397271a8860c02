import { performance } from 'node:perf_hooks';

/** Whether this process has all the work that it can do in good time. */
export type LoadWatch = {
  /** Lets one more request in if there is room. */
  admits(): boolean;
  stop(): void;
};

/**
 * Of callers that wait for a database connection, and of requests just let in that will. Measured on two cores that
 * server, Postgres and senders shared: some 400 starts of a sign-in a second, so that a hundred wait a quarter second.
 */
const mostWaiting = 100;
/** While the process is late for everything: enough to keep every connection busy. */
const mostWaitingWhenLate = 20;
const lookEveryMs = 50;
/** Late by this much twice in a row is no pause for garbage: there is more to do than there is time for. */
const lateMs = 100;

export function watchLoad(callersWaiting: () => number): LoadWatch {
  const lateness = watchLateness();
  let admittedInThisTurn = 0;
  const forgetTurn = () => {
    admittedInThisTurn = 0;
  };
  return {
    admits() {
      const most = lateness.isLate() ? mostWaitingWhenLate : mostWaiting;
      if (callersWaiting() + admittedInThisTurn >= most) return false;
      // Whoever is let in asks for a connection only once this turn of the event loop is over.
      if (admittedInThisTurn === 0) setImmediate(forgetTurn);
      admittedInThisTurn += 1;
      return true;
    },
    stop: lateness.stop,
  };
}

/** How late a timer rings tells how long everything else waits for its turn. */
function watchLateness(): { isLate(): boolean; stop(): void } {
  let dueAtMs = performance.now() + lookEveryMs;
  let lastLateMs = 0;
  let lateBeforeMs = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    lateBeforeMs = lastLateMs;
    lastLateMs = now - dueAtMs;
    dueAtMs = now + lookEveryMs;
  }, lookEveryMs).unref();
  return {
    isLate: () => Math.min(lateBeforeMs, lastLateMs) > lateMs,
    stop: () => {
      clearInterval(timer);
    },
  };
}
