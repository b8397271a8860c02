import type { Stats } from 'node:fs';
import { lstat, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** True for an error of the operating system that carries one of these codes (`ENOENT`, …). */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
  );
}

export async function lstatIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Resolves when the file's or folder's content would survive a power cut. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Moves a finished folder into place. False, and the folder is gone, if somebody else's came first. */
export async function moveIntoPlace(draft: string, place: string): Promise<boolean> {
  try {
    await rename(draft, place);
    return true;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) return false;
    throw error;
  }
}

export function ownUid(): number {
  return process.geteuid?.() ?? -1;
}

/** A real folder of this user that nobody else may write to. */
export async function isOwnFolder(path: string, owner = ownUid()): Promise<boolean> {
  const found = await lstatIfThere(path);
  return found !== undefined && found.isDirectory() && found.uid === owner && (found.mode & 0o022) === 0;
}

/** Removes unfinished folders of ours that a killed process left beside `place` more than ten minutes ago. */
export async function removeOldDrafts(place: string): Promise<void> {
  const prefix = `${basename(place)}.new-`;
  for (const name of await readdir(dirname(place))) {
    if (!name.startsWith(prefix)) continue;
    const draft = join(dirname(place), name);
    const found = await lstatIfThere(draft);
    if (found !== undefined && Date.now() - found.mtimeMs > 600_000)
      await rm(draft, { recursive: true, force: true });
  }
}
