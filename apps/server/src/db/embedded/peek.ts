import { findFolder } from './folder.ts';
import { isPostmasterOf, readPidFile } from './postmaster.ts';

/** `absent`: no database was made there yet. `dataDir` is where it lies, or would. */
export type EmbeddedState = {
  readonly state: 'absent' | 'stopped' | 'running';
  readonly dataDir: string;
};

/**
 * What is to be seen of an embedded database from outside. Makes and starts nothing.
 * @throws EmbeddedDatabaseError, or what the file system says, where the folder cannot be read
 */
export async function peekEmbedded(requested: string): Promise<EmbeddedState> {
  const { wanted, found } = await findFolder(requested, () => undefined);
  if (found === undefined) return { state: 'absent', dataDir: wanted };
  const { dataDir, clusterDir } = found;
  const seen = await readPidFile(clusterDir);
  const isRunning = seen !== undefined && (await isPostmasterOf(clusterDir, seen.pid));
  return { state: isRunning ? 'running' : 'stopped', dataDir };
}
