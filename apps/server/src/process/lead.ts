import { openCrew } from './crew.ts';
import type { CrewLog } from './crew.ts';
import { startWorker } from './worker-process.ts';

export type LeadOptions = {
  readonly count: number;
  readonly log: CrewLog;
  /** Opens what lasts as long as any worker; answers how to close it. */
  readonly hold: () => Promise<() => Promise<void>>;
};

/**
 * Leads workers that run this same program, until SIGTERM or SIGINT. SIGHUP replaces them all.
 * Resolves with the exit code, once all have ended.
 */
export async function leadWorkers({ count, log, hold }: LeadOptions): Promise<number> {
  const start = () =>
    startWorker((pid) => {
      log.error({ worker: pid }, 'a worker stands still; it is ended');
    });
  const crew = openCrew({ count, log, start });
  // Never `once`: a second Ctrl-C must not cut off the first.
  for (const signal of ['SIGTERM', 'SIGINT'])
    process.on(signal, () => {
      log.info({ signal }, 'stopping');
      crew.stop();
    });
  process.on('SIGHUP', () => {
    // The end of the terminal that it runs in is the end of it, as for any program.
    if (process.stdout.isTTY) crew.stop();
    else crew.replaceAll();
  });
  const release = await hold();
  try {
    return (await crew.run()) ? 0 : 1;
  } finally {
    await release();
  }
}
