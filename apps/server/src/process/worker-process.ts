import cluster from 'node:cluster';
import type { Worker } from 'node:cluster';
import { beatEveryMs, newsOf } from './messages.ts';
import type { ToWorker } from './messages.ts';

/** Of the beats that a worker may miss: while it loads its code, and afterwards. */
const missedAtMost = { loading: 30, running: 10 };

/** A worker as its lead sees it. */
export type WorkerProcess = {
  readonly pid: number;
  /** False if it ended before. */
  readonly listening: Promise<boolean>;
  /** False if it ended before. */
  readonly ready: Promise<boolean>;
  /** How: a code, or a signal. */
  readonly ended: Promise<string>;
  hasEnded(): boolean;
  /** It finishes what runs, while another answers in its place. */
  retire(): void;
  /** It finishes what runs; readiness falls. */
  stop(): void;
  kill(): void;
};

/**
 * Each worker takes connections from the one socket when it has time for them. Node's own way, a lead that deals them
 * out, leaves whoever was dealt to a worker that dies or stands still without an answer.
 */
cluster.schedulingPolicy = cluster.SCHED_NONE;

/** Starts this very program again as a worker. One that gives no sign of life for ten seconds is killed. */
export function startWorker(onStandstill: (pid: number) => void): WorkerProcess {
  const worker = cluster.fork();
  const pid = worker.process.pid ?? 0;
  let hasEnded = false;
  const listening = Promise.withResolvers<boolean>();
  const ready = Promise.withResolvers<boolean>();
  const ended = endOf(worker).finally(() => {
    hasEnded = true;
    watch.stop();
    listening.resolve(false);
    ready.resolve(false);
  });
  const kill = () => void worker.process.kill('SIGKILL');
  const watch = watchBeats(() => {
    onStandstill(pid);
    kill();
  });
  worker.on('message', (message: unknown) => {
    const news = newsOf(message);
    if (news !== undefined) watch.beat();
    if (news === 'listening') listening.resolve(true);
    if (news === 'ready') ready.resolve(true);
  });
  return {
    pid,
    listening: listening.promise,
    ready: ready.promise,
    ended,
    hasEnded: () => hasEnded,
    retire() {
      const message: ToWorker = { lead: 'retire' };
      if (worker.isConnected()) worker.send(message, () => undefined);
    },
    stop: () => void worker.process.kill('SIGTERM'),
    kill,
  };
}

function endOf(worker: Worker): Promise<string> {
  return new Promise((resolve) => {
    worker.process.once('exit', (code, signal) => {
      resolve(signal ?? `exit code ${code ?? 'unknown'}`);
    });
    // It did not even start, or could not be told something.
    worker.on('error', (error) => {
      if (worker.process.pid === undefined) resolve(error.message);
    });
  });
}

/**
 * Beats are counted against our own, not against a clock: a machine that slept, or a lead that was stopped, missed
 * as many of its own.
 */
function watchBeats(onStandstill: () => void) {
  let allowed = missedAtMost.loading;
  let missed = 0;
  const timer = setInterval(() => {
    missed += 1;
    if (missed === allowed) onStandstill();
  }, beatEveryMs);
  return {
    beat() {
      allowed = missedAtMost.running;
      missed = 0;
    },
    stop() {
      clearInterval(timer);
    },
  };
}
