import type { StorageOptions, StorageSettings } from './open-storage.ts';

type HoldOptions = Pick<StorageOptions, 'log'> & {
  /** How many processes are going to attach to it. */
  readonly workers: number;
};

/** The pool, the counters of rate limits, the changes, the attachment itself, and a migration. */
const connectionsPerWorker = 15;
/** Commands, an administrator, and a worker that starts before another has gone. */
const otherConnections = 40;

/** For a process that leads workers: holds what they attach to. A remote database needs nobody to. */
export async function holdStorage(
  settings: StorageSettings,
  { log, workers }: HoldOptions,
): Promise<() => Promise<void>> {
  if (settings.kind === 'url') return () => Promise.resolve();
  const { serveEmbedded } = await import('./embedded/embedded-postgres.ts');
  const { stop } = await serveEmbedded({
    dataDir: settings.dataDir,
    settings: { max_connections: String(workers * connectionsPerWorker + otherConnections) },
    log: (line) => {
      log.info(line);
    },
  });
  return stop;
}
