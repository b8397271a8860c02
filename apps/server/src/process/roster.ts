import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkerProcess } from './worker-process.ts';

/** Everybody who runs, also who is new or about to go. */
export type Roster = {
  /** Whether all are to go. */
  isStopping(): boolean;
  /** Resolves after so long, or as soon as all are to go. */
  pause(ms: number): Promise<void>;
  begin(): WorkerProcess;
  isAnybodyListening(): boolean;
  /** Resolves when these have ended; those who take too long are cut off. */
  finish(workers: readonly WorkerProcess[]): Promise<void>;
  /** All finish what runs, and go. Resolves when they have. */
  stop(): Promise<void>;
};

export function openRoster(start: () => WorkerProcess, finishWithinMs: number): Roster {
  const running = new Set<WorkerProcess>();
  const listening = new Set<WorkerProcess>();
  const stopping = new AbortController();
  let stopped: Promise<void> | undefined;

  function begin(): WorkerProcess {
    const worker = start();
    running.add(worker);
    void worker.listening.then((itDoes) => itDoes && listening.add(worker));
    void worker.ended.then(() => {
      running.delete(worker);
      listening.delete(worker);
    });
    return worker;
  }
  async function finish(workers: readonly WorkerProcess[]): Promise<void> {
    const all = Promise.all(workers.map(({ ended }) => ended));
    await Promise.race([all, sleep(finishWithinMs, undefined, { ref: false })]);
    for (const worker of workers) if (!worker.hasEnded()) worker.kill();
    await all;
  }
  function stop(): Promise<void> {
    stopping.abort();
    for (const worker of running) worker.stop();
    return (stopped ??= finish([...running]));
  }
  return {
    isStopping: () => stopping.signal.aborted,
    async pause(ms) {
      await sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined); // woken
    },
    begin,
    isAnybodyListening: () => listening.size > 0,
    finish,
    stop,
  };
}
