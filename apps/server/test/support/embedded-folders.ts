import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import pg from 'pg';
import { attachEmbedded } from '../../src/db/embedded/embedded-postgres.ts';
import type { EmbeddedConnection } from '../../src/db/embedded/embedded-postgres.ts';
import { temporaryRoot } from './temporary-root.ts';

const execute = promisify(execFile);

/** Data folders and processes of one test file. `clear` ends and removes what a test made, however it went. */
export function embeddedFolders() {
  const folders: string[] = [];
  const children: ChildProcess[] = [];
  let pattern: Promise<string> | undefined;

  async function emptyFolder(): Promise<string> {
    const folder = await temporaryFolder();
    folders.push(folder);
    return folder;
  }
  /** A folder with a database in it; made once and copied from then on, as people do who keep a backup. */
  async function usedFolder(): Promise<string> {
    const folder = await emptyFolder();
    pattern ??= makePattern();
    await execute('cp', ['-a', join(await pattern, 'database'), folder]);
    return folder;
  }
  function start(mode: 'serve' | 'attach' | 'write', dataDir: string) {
    const script = join(import.meta.dirname, 'embedded-server.ts');
    const child = spawn(process.execPath, [script, mode, dataDir], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return follow(child);
  }
  async function clear(): Promise<void> {
    for (const child of children.splice(0)) if (isRunning(child)) child.kill('SIGKILL');
    for (const folder of folders.splice(0)) await removeWithPostgres(folder);
  }
  async function clearAll(): Promise<void> {
    await clear();
    if (pattern !== undefined) await removeWithPostgres(await pattern);
  }
  return { emptyFolder, usedFolder, adopt: (folder: string) => folders.push(folder), start, clear, clearAll };
}

async function temporaryFolder(): Promise<string> {
  return await mkdtemp(join(await temporaryRoot(), 'gatehouse-embedded-'));
}

async function makePattern(): Promise<string> {
  const dataDir = await temporaryFolder();
  const { detach } = await attachEmbedded({ dataDir, log: () => undefined, settings: { fsync: 'off' } });
  await detach();
  return dataDir;
}

async function removeWithPostgres(folder: string): Promise<void> {
  for (const pid of await postmastersBelow(folder)) process.kill(pid, 'SIGQUIT');
  await until(async () => (await postmastersBelow(folder)).length === 0);
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function follow(child: ChildProcess) {
  const lines: string[] = [];
  if (child.stdout !== null) createInterface(child.stdout).on('line', (line) => lines.push(line));
  const { pid = 0 } = child;
  const find = (words: string[]) => lines.find((line) => words.includes(line.split(' ')[0] ?? ''));
  /** Waits for the first line that begins with one of these words, and answers it whole. */
  async function told(...words: string[]): Promise<string> {
    await until(() => find(words) !== undefined);
    return find(words) ?? '';
  }
  return {
    pid,
    lines,
    told,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    ended: () => until(() => !isRunning(child)),
  };
}

/** Waits, 20 s at most. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('it did not come about in 20 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Every running Postgres whose cluster lies below the folder. */
export async function postmastersBelow(folder: string): Promise<number[]> {
  const pids: number[] = [];
  for (const { pid, words } of await processes()) {
    const isPostmaster = words[0]?.endsWith('/postgres') === true && words[1] === '-D';
    if (isPostmaster && words[2]?.startsWith(`${folder}/`) === true) pids.push(pid);
  }
  return pids;
}

async function processes(): Promise<{ pid: number; words: string[] }[]> {
  if (process.platform !== 'linux') {
    const { stdout } = await execute('ps', ['-axww', '-o', 'pid=,command='], { maxBuffer: 10_000_000 });
    return stdout.split('\n').map((line) => {
      const [pid, ...words] = line.trim().split(' ');
      return { pid: Number(pid), words };
    });
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')); // it may have ended
  return (await Promise.all(lines)).map((line, at) => ({ pid: Number(pids[at]), words: line.split('\0') }));
}

/** One statement on a connection of its own, as the login of the application. */
export async function ask(
  connection: EmbeddedConnection,
  statement: string,
): Promise<Record<string, unknown>[]> {
  const { socketDir: host, port, user, password, database } = connection;
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}
