import { execFile, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cannotRun, childEnvironment } from './child-process.ts';
import type { Cluster } from './cluster.ts';
import { serverSettings } from './cluster.ts';
import { EmbeddedDatabaseError } from './embedded-database-error.ts';
import { hasCode, lstatIfThere, readIfThere } from './file-system.ts';
import { makeSocketDir } from './folder.ts';

const execute = promisify(execFile);

/** What Postgres writes of itself into `postmaster.pid`. */
export type PidFile = { pid: number; startedAtSeconds: number; socketDir: string; status: string };

export async function readPidFile(clusterDir: string): Promise<PidFile | undefined> {
  const lines = (await readIfThere(join(clusterDir, 'postmaster.pid')))
    ?.split('\n')
    .map((line) => line.trim());
  const pid = Number(lines?.[0]);
  if (lines === undefined || !Number.isInteger(pid) || pid <= 1) return undefined;
  return { pid, startedAtSeconds: Number(lines[2]), socketDir: lines[4] ?? '', status: lines[7] ?? '' };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/** Whether this process is the Postgres of that very folder: numbers of dead processes are given to others. */
export async function isPostmasterOf(clusterDir: string, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''); // empty for a zombie
    return words.split('\0').includes(clusterDir);
  }
  const { stdout } = await execute('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout.includes(` ${clusterDir} `);
}

/** Ends the cluster's Postgres in order, its sessions too; resolves when it is gone. Touches no other process. */
export async function stopPostmaster({ folder }: Cluster): Promise<void> {
  const running = await readPidFile(folder.clusterDir);
  if (running === undefined || !(await isPostmasterOf(folder.clusterDir, running.pid))) return;
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (isAlive(running.pid)) process.kill(running.pid, signal);
    if (await isGone(folder.clusterDir, running.pid)) return;
  }
  throw new EmbeddedDatabaseError(
    `The embedded database in ${folder.dataDir} (pid ${running.pid}) does not stop.`,
  );
}

async function isGone(clusterDir: string, pid: number): Promise<boolean> {
  const deadline = performance.now() + 10_000;
  while (await isPostmasterOf(clusterDir, pid)) {
    if (performance.now() > deadline) return false;
    await sleep(10);
  }
  return true;
}

export type Launched = { hasEnded: () => boolean; failure: () => Promise<EmbeddedDatabaseError> };

/**
 * Starts Postgres in a session of its own, so that Ctrl-C in the terminal reaches us and not it.
 * `strangerPid` is a number in a left-over `postmaster.pid` that a foreign process bears by now.
 */
export async function launchPostmaster(cluster: Cluster, strangerPid: number | undefined): Promise<Launched> {
  const { folder, login } = cluster;
  const { postgres } = await cluster.binaries();
  const socketDir = await makeSocketDir(folder, login.port);
  const logFile = join(folder.databaseDir, 'postgres.log');
  const log = await openLog(logFile);
  const settings = Object.entries({
    ...serverSettings(cluster.settings),
    unix_socket_directories: socketDir,
  });
  const args = ['-D', folder.clusterDir, '-p', String(login.port)];
  for (const [name, value] of settings) args.push('-c', `${name}=${value}`);
  let failed: EmbeddedDatabaseError | undefined;
  const child = spawn(postgres, args, {
    cwd: folder.databaseDir,
    detached: true,
    // Postgres takes a left-over pid for its own lock unless it is told that the bearer is its starter's.
    env: {
      ...childEnvironment,
      ...(strangerPid === undefined ? {} : { PG_GRANDPARENT_PID: String(strangerPid) }),
    },
    stdio: ['ignore', log.handle.fd, log.handle.fd],
    ...folder.runAs,
  });
  child.on('error', (error) => {
    failed = cannotRun(postgres, error);
  });
  child.unref();
  await log.handle.close();
  return {
    hasEnded: () => failed !== undefined || child.exitCode !== null || child.signalCode !== null,
    failure: async () =>
      failed ?? new EmbeddedDatabaseError(await tellOfLog(folder.dataDir, { logFile, from: log.size })),
  };
}

async function openLog(logFile: string): Promise<{ handle: Awaited<ReturnType<typeof open>>; size: number }> {
  const size = (await lstatIfThere(logFile))?.size ?? 0;
  const isLong = size > 10_000_000;
  if (isLong) await rename(logFile, `${logFile}.1`);
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  return { handle: await open(logFile, flags, 0o600), size: isLong ? 0 : size };
}

async function tellOfLog(
  dataDir: string,
  { logFile, from }: { logFile: string; from: number },
): Promise<string> {
  const said = (await readFile(logFile))
    .subarray(from)
    .toString('utf8')
    .trim()
    .split('\n')
    .slice(-5)
    .join('\n');
  return `The embedded database in ${dataDir} did not start. Its log (${logFile}) says:\n${said}`;
}
