import { setTimeout as sleep } from 'node:timers/promises';
import { performance } from 'node:perf_hooks';
import type { Cluster, Settings } from './cluster.ts';
import { openCluster } from './cluster.ts';
import { EmbeddedDatabaseError } from './embedded-database-error.ts';
import { openFolder } from './folder.ts';
import { announceStop, applicationName, findServer, tryLock, trySharedLock, unlockShared } from './locks.ts';
import type { EmbeddedConnection } from './login.ts';
import { isAlive, stopPostmaster } from './postmaster.ts';
import { openSession } from './session.ts';
import type { Session } from './session.ts';

export type { EmbeddedConnection } from './login.ts';

type Log = (line: string) => void;

type EmbeddedOptions = {
  dataDir: string;
  log: Log;
  /** Server settings on top of the usual ones; tests turn `fsync` off with it. */
  settings?: Settings;
};

const handoverMs = 10_000;

/**
 * For the one server process of a folder: initialises, starts or re-attaches, and holds the folder until `stop`.
 * The hold ends with the process, however it ends. Throws an EmbeddedDatabaseError, also when another server has it.
 */
export async function serveEmbedded(
  options: EmbeddedOptions,
): Promise<{ connection: EmbeddedConnection; dataDir: string; stop: () => Promise<void> }> {
  const folder = await openFolder(options.dataDir, { log: options.log });
  const cluster = await openCluster(folder, options.settings ?? {});
  const session = await takeHold(cluster);
  const stop = keepHold(cluster, { session, log: options.log });
  return { connection: connectionOf(cluster, session), dataDir: cluster.folder.dataDir, stop };
}

/**
 * For commands and workers: attaches to the running Postgres of a folder, or runs one for the time of the command.
 * The last command to leave stops it, unless a server has it.
 */
export async function attachEmbedded(
  options: EmbeddedOptions & {
    /** Throws an EmbeddedDatabaseError, and makes nothing, where the folder has no database yet. */
    mustExist?: boolean;
  },
): Promise<{ connection: EmbeddedConnection; dataDir: string; detach: () => Promise<void> }> {
  const { log, mustExist = false } = options;
  const folder = await openFolder(options.dataDir, { log, mustExist });
  const cluster = await openCluster(folder, options.settings ?? {});
  const session = await joinCommands(cluster);
  const belongsToServer = (await findServer(session)) !== undefined;
  let leaving: Promise<void> | undefined;
  const detach = () => (leaving ??= belongsToServer ? session.client.end() : leaveCommands(cluster, session));
  return { connection: connectionOf(cluster, session), dataDir: cluster.folder.dataDir, detach };
}

function connectionOf({ login }: Cluster, { socketDir }: Session): EmbeddedConnection {
  return { ...login, socketDir };
}

async function takeHold(cluster: Cluster): Promise<Session> {
  const deadline = performance.now() + handoverMs;
  for (;;) {
    const session = await openSession(cluster, applicationName('server'));
    try {
      if (await tryLock(session, 'server')) return session;
      const holder = await findServer(session);
      const isServing = holder?.role === 'server' && isAlive(holder.pid);
      if (isServing || performance.now() > deadline) throw taken(cluster, holder?.pid);
    } catch (error) {
      await session.client.end().catch(() => undefined);
      if (error instanceof EmbeddedDatabaseError || performance.now() > deadline) throw error;
    }
    await session.client.end().catch(() => undefined);
    await sleep(20);
  }
}

function taken({ folder }: Cluster, pid: number | undefined): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    `Another server already runs on the data folder ${folder.dataDir}${pid === undefined ? '' : ` (pid ${pid})`}: ` +
      'stop it first, or give this one another DATA_DIR.',
  );
}

/** Takes the hold anew whenever Postgres or the connection is lost. Answers how to end it all. */
function keepHold(
  cluster: Cluster,
  { session: first, log }: { session: Session; log: Log },
): () => Promise<void> {
  let session: Session | undefined;
  let stopping: Promise<void> | undefined;
  let regaining: Promise<void> = Promise.resolve();

  function watch(held: Session) {
    session = held;
    held.client.once('end', () => {
      session = undefined;
      if (stopping === undefined) regaining = regain();
    });
  }
  async function regain() {
    log(`The embedded database in ${cluster.folder.dataDir} broke off; taking it up again.`);
    while (stopping === undefined) {
      try {
        watch(await takeHold(cluster));
        log(`The embedded database in ${cluster.folder.dataDir} is back.`);
        return;
      } catch (error) {
        log(error instanceof Error ? error.message : String(error));
        await sleep(1000);
      }
    }
  }
  async function stop() {
    await regaining;
    if (session !== undefined) await stopHeld(cluster, session);
  }
  watch(first);
  return () => (stopping ??= stop());
}

/** The lock is kept until Postgres is gone: nobody can come to rely on what we are about to stop. */
async function stopHeld(cluster: Cluster, session: Session): Promise<void> {
  await announceStop(session).catch(() => undefined); // already breaking off: there is nobody to tell
  await stopPostmaster(cluster);
  await session.client.end().catch(() => undefined);
}

async function joinCommands(cluster: Cluster): Promise<Session> {
  const deadline = performance.now() + handoverMs;
  for (;;) {
    const session = await openSession(cluster, applicationName('command'));
    try {
      if (await trySharedLock(session, 'commands')) return session; // if not, somebody is stopping it right now
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await session.client.end().catch(() => undefined);
    if (performance.now() > deadline) {
      throw new EmbeddedDatabaseError(`The embedded database in ${cluster.folder.dataDir} is being stopped.`);
    }
    await sleep(20);
  }
}

async function leaveCommands(cluster: Cluster, session: Session): Promise<void> {
  try {
    await unlockShared(session, 'commands');
    if (!(await tryLock(session, 'commands'))) return; // another command goes on
    await announceStop(session);
    if (await tryLock(session, 'server')) await stopPostmaster(cluster);
  } catch (error) {
    if (error instanceof EmbeddedDatabaseError) throw error; // any other says that Postgres has ended already
  } finally {
    await session.client.end().catch(() => undefined);
  }
}
