import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const root = join(import.meta.dirname, '..');

/** Something that is made from sources into a folder of its own. */
export type Build = {
  readonly name: string;
  readonly folder: string;
  /** A file of that folder without which it is no build. */
  readonly entry: string;
  /** Folders and files that the build reads; beside them, the versions of what is bundled count. */
  readonly sources: readonly string[];
  /** Makes the folder anew; answers what to say of it. */
  readonly make: () => Promise<string>;
};

/** Builds anew what has changed since the last build; says nothing otherwise. Of many at once one builds, the others wait. */
export async function buildIfStale(build: Build): Promise<void> {
  const hash = await hashOf(build);
  const hashFile = join(build.folder, '.build-hash');
  const isFresh = async () =>
    (await readFile(hashFile, 'utf8').catch(() => '')) === hash &&
    (await exists(join(build.folder, build.entry)));
  if (await isFresh()) return;
  await oneAtATime(async () => {
    if (await isFresh()) return;
    const startMs = performance.now();
    await rm(hashFile, { force: true });
    const facts = await build.make();
    await writeFile(hashFile, hash);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    console.log(`Built ${build.name} in ${seconds} s (${facts}).`);
  });
}

const lock = join(root, 'node_modules/.cache/gatehouse/build.lock');
const askAgainMs = 100;
/** Whoever holds the lock for longer was killed. */
const longestBuildMs = 120_000;

async function oneAtATime(work: () => Promise<void>): Promise<void> {
  await mkdir(dirname(lock), { recursive: true });
  while (!(await takeLock())) await sleep(askAgainMs);
  try {
    await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function takeLock(): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const held = await stat(lock).catch(() => undefined);
    if (held !== undefined && Date.now() - held.mtimeMs > longestBuildMs)
      await rm(lock, { recursive: true, force: true });
    return false;
  }
}

async function hashOf({ sources }: Build): Promise<string> {
  const all = await Promise.all([...sources, join(root, 'package-lock.json')].map(filesOf));
  const files = all
    .flat()
    .filter((file) => !file.endsWith('.test.ts'))
    .sort();
  const hash = createHash('sha256');
  for (const [place, content] of (await Promise.all(files.map((file) => readFile(file)))).entries()) {
    hash.update(`${relative(root, files[place] ?? '')}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

async function filesOf(place: string): Promise<string[]> {
  return (await stat(place)).isDirectory() ? await filesBelow(place) : [place];
}

export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}
