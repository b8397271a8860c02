import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { chmod, lchown, lstat, mkdir, mkdtemp, readFile, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { Account } from './child-process.ts';
import { EmbeddedDatabaseError } from './embedded-database-error.ts';
import { hasCode, isOwnFolder, lstatIfThere, ownUid } from './file-system.ts';

export type Folder = {
  /** What the person asked for, or what was chosen in its place. */
  dataDir: string;
  /** Cluster, passwords, log and (where its path is short enough) the socket. */
  databaseDir: string;
  clusterDir: string;
  runAs: Account | undefined;
};

/** The longest path that fits into a `sockaddr_un`, on the narrower of Linux and macOS. */
const longestSocketPath = process.platform === 'darwin' ? 103 : 107;

type Opening = {
  log: (line: string) => void;
  /** Whether a folder without a database is refused and left as it is. */
  mustExist?: boolean;
};

/** Decides where the database of `requested` lies, and makes that folder. Says so where it is another one. */
export async function openFolder(requested: string, { log, mustExist = false }: Opening): Promise<Folder> {
  try {
    const { wanted, found } = await findFolder(requested, log);
    if (found === undefined && mustExist) throw noDatabase(wanted);
    const folder = found ?? (ownUid() === 0 ? await chooseForRoot(wanted, log) : layout(wanted, undefined));
    await makeFolder(folder);
    return folder;
  } catch (cause) {
    if (cause instanceof EmbeddedDatabaseError) throw cause;
    const reason = cause instanceof Error ? cause.message : 'unknown';
    throw new EmbeddedDatabaseError(`The data folder ${resolve(requested)} cannot be used: ${reason}`, {
      cause,
    });
  }
}

/** Where the database of `requested` lies, if there is one. Makes nothing. */
export async function findFolder(
  requested: string,
  log: (line: string) => void,
): Promise<{ wanted: string; found: Folder | undefined }> {
  const wanted = await resolveThrough(resolve(requested));
  return { wanted, found: ownUid() === 0 ? await findForRoot(wanted, log) : await findOwn(wanted) };
}

function noDatabase(wanted: string): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    `There is no database in ${wanted}. Run this with the environment of the server (its DATA_DIR or DATABASE_URL).`,
  );
}

function layout(dataDir: string, runAs: Account | undefined): Folder {
  const databaseDir = join(dataDir, 'database');
  return { dataDir, databaseDir, clusterDir: join(databaseDir, 'cluster'), runAs };
}

async function findOwn(wanted: string): Promise<Folder | undefined> {
  const folder = layout(wanted, undefined);
  return (await lstatIfThere(folder.databaseDir)) === undefined ? undefined : folder;
}

/** The database that is there already; nothing is made. Throws where the account that owns it cannot reach it. */
async function findForRoot(wanted: string, log: (line: string) => void): Promise<Folder | undefined> {
  const ownerHere = await ownerOfCluster(wanted);
  if (ownerHere !== undefined) {
    const closed = await firstClosedTo(ownerHere, wanted);
    if (closed === undefined) return layout(wanted, ownerHere);
    throw new EmbeddedDatabaseError(
      `The database in ${wanted} cannot be reached by the account that owns it, because ${closed} is closed to it. ` +
        `Open ${closed} for passing through (chmod o+x), or move the data folder.`,
    );
  }
  for (const shelter of sheltersOf(wanted)) {
    const owner = await ownerOfCluster(shelter);
    if (owner === undefined) continue;
    log(`The database of ${wanted} is kept in ${shelter}.`);
    return layout(shelter, owner);
  }
  return undefined;
}

/** Postgres refuses to run as root: it gets another account, and a folder that this account can reach. */
async function chooseForRoot(wanted: string, log: (line: string) => void): Promise<Folder> {
  const nobody = await findNobody();
  const closed = await firstClosedTo(nobody, wanted);
  if (closed === undefined) return layout(wanted, nobody);
  const shelter = await firstUsable(sheltersOf(wanted));
  log(
    `PostgreSQL does not run as root, and ${closed} is closed to other accounts: the database of ${wanted} is kept in ${shelter}.`,
  );
  return layout(shelter, nobody);
}

function sheltersOf(wanted: string): string[] {
  const name = `${basename(wanted)}-${shortHash(wanted)}`;
  return ['/var/lib/gatehouse', '/var/tmp/gatehouse-data'].map((dir) => join(dir, name));
}

async function firstUsable(shelters: string[]): Promise<string> {
  for (const shelter of shelters) {
    const parent = dirname(shelter);
    try {
      if ((await mkdir(parent, { recursive: true })) !== undefined) await chmod(parent, 0o755);
      if (await isOwnFolder(parent)) return shelter;
    } catch (error) {
      if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOENT')) throw error;
    }
  }
  throw new EmbeddedDatabaseError(
    `There is no folder for the database that another account than root can reach. Start Gatehouse as another user, or set DATA_DIR or DATABASE_URL.`,
  );
}

/** The account of an existing cluster, so that one made by a person's own account is not handed to another. */
async function ownerOfCluster(dataDir: string): Promise<Account | undefined> {
  const found = await lstatIfThere(layout(dataDir, undefined).clusterDir);
  return found === undefined || found.uid === 0 ? undefined : { uid: found.uid, gid: found.gid };
}

async function findNobody(): Promise<Account> {
  const line = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  const [, , uid = '65534', gid = '65534'] = line?.split(':') ?? [];
  return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
}

/** The outermost folder on the way that the account may not pass. Our own last folder is opened when it is made. */
async function firstClosedTo(account: Account, dataDir: string): Promise<string | undefined> {
  for (const step of stepsTo(dataDir)) {
    const found = await lstatIfThere(step);
    if (found === undefined) return undefined;
    const willBeOpened = step === dataDir && found.uid === 0;
    if (!mayPass(account, found) && !willBeOpened) return step;
  }
  return undefined;
}

function mayPass(account: Account, { uid, gid, mode }: Stats): boolean {
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

function stepsTo(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...stepsTo(parent), path];
}

async function makeFolder({ dataDir, runAs }: Folder): Promise<void> {
  for (const step of stepsTo(dataDir)) {
    if ((await lstatIfThere(step)) === undefined) await makeStep(step, runAs === undefined ? 0o700 : 0o711);
  }
  const found = await lstat(dataDir);
  if (runAs !== undefined && !mayPass(runAs, found)) await chmod(dataDir, (found.mode & 0o777) | 0o011);
}

async function makeStep(step: string, mode: number): Promise<void> {
  try {
    await mkdir(step);
    await chmod(step, mode); // whatever the umask
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error; // another process was faster
  }
}

/** A 0700 folder of the database's account whose path leaves room for the socket's name. */
export async function makeSocketDir(folder: Folder, port: number): Promise<string> {
  const owner = folder.runAs?.uid ?? ownUid();
  for (const socketDir of socketDirs(folder)) {
    if (!fitsSocket(socketDir, port)) continue;
    try {
      await mkdir(socketDir, { mode: 0o700 });
      await handOver(socketDir, folder);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    if (await isSocketDirOf(owner, socketDir)) return socketDir;
  }
  const socketDir = await mkdtemp('/tmp/gatehouse-');
  await handOver(socketDir, folder);
  return socketDir;
}

function socketDirs({ databaseDir }: Folder): string[] {
  const name = `gatehouse-${shortHash(databaseDir)}`;
  return [join(databaseDir, 'socket'), join(tmpdir(), name), join('/tmp', name)];
}

function fitsSocket(socketDir: string, port: number): boolean {
  return Buffer.byteLength(join(socketDir, `.s.PGSQL.${port}`)) <= longestSocketPath;
}

/** Only there is it safe to speak: elsewhere somebody else might be listening for passwords. */
export async function isSocketDirOf(owner: number, socketDir: string): Promise<boolean> {
  const found = await lstatIfThere(socketDir);
  return found !== undefined && found.isDirectory() && found.uid === owner && (found.mode & 0o077) === 0;
}

export async function handOver(path: string, { runAs }: Folder): Promise<void> {
  if (runAs !== undefined) await lchown(path, runAs.uid, runAs.gid);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Follows links as far as the path exists already. */
async function resolveThrough(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') || dirname(path) === path) throw error;
    return join(await resolveThrough(dirname(path)), basename(path));
  }
}
