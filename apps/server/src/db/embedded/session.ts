import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Cluster } from './cluster.ts';
import { EmbeddedDatabaseError } from './embedded-database-error.ts';
import { hasCode, ownUid } from './file-system.ts';
import { isSocketDirOf } from './folder.ts';
import { isPostmasterOf, launchPostmaster, readPidFile } from './postmaster.ts';
import type { Launched, PidFile } from './postmaster.ts';

/** An administrator's connection to the cluster's Postgres. Locks are held by it, so they end with our process. */
export type Session = { client: pg.Client; socketDir: string };

const pauseMs = 10;
const launchesAtMost = 10;
const patienceMs = { starting: 120_000, otherwise: 15_000 };

/** Connects to the cluster's Postgres, whoever started it, and starts it where none runs. */
export async function openSession(cluster: Cluster, applicationName: string): Promise<Session> {
  const startedAt = performance.now();
  let launched: Launched | undefined;
  let launches = 0;
  let last: PidFile | undefined;
  let cause: unknown;
  for (;;) {
    const seen = await readPidFile(cluster.folder.clusterDir);
    last = seen ?? last;
    const isOurs = seen !== undefined && (await isPostmasterOf(cluster.folder.clusterDir, seen.pid));
    if (seen !== undefined && (!isOurs || !['starting', 'stopping'].includes(seen.status))) {
      const attempt = await tryToConnect(cluster, { seen, applicationName });
      if ('client' in attempt) return attempt;
      cause = attempt.refusedWith;
    }
    if (!isOurs && (launched === undefined || launched.hasEnded())) {
      if (launched !== undefined && launches >= launchesAtMost) throw await launched.failure();
      if (launched !== undefined) await sleep(200); // the old one's last processes may still hold its memory
      launched = await launchPostmaster(cluster, seen?.pid);
      launches += 1;
    }
    const patience = seen?.status === 'starting' ? patienceMs.starting : patienceMs.otherwise;
    if (performance.now() - startedAt > patience) throw noAnswer(cluster, { last, cause });
    await sleep(pauseMs);
  }
}

function noAnswer({ folder }: Cluster, { last, cause }: { last: PidFile | undefined; cause: unknown }) {
  return new EmbeddedDatabaseError(
    `The embedded database in ${folder.dataDir} does not answer (pid ${last?.pid ?? 'unknown'}, socket in ${last?.socketDir ?? 'no folder'}).`,
    { cause },
  );
}

type Door = { seen: PidFile; applicationName: string };

/** Answers with the reason for as long as another try may succeed; throws when it cannot. */
async function tryToConnect(cluster: Cluster, door: Door): Promise<Session | { refusedWith: unknown }> {
  const { folder, login } = cluster;
  const { socketDir } = door.seen;
  if (!(await isSocketDirOf(folder.runAs?.uid ?? ownUid(), socketDir))) return { refusedWith: undefined };
  const client = new pg.Client({
    host: socketDir,
    port: login.port,
    user: login.adminUser,
    password: login.adminPassword,
    database: 'postgres',
    application_name: door.applicationName,
    connectionTimeoutMillis: 5000,
  });
  client.on('error', () => undefined); // `end` follows, and is what the holder of the session listens to
  try {
    await client.connect();
    await refuseStranger(cluster, { client, seen: door.seen });
    return { client, socketDir };
  } catch (error) {
    await client.end().catch(() => undefined);
    if (error instanceof EmbeddedDatabaseError) throw error;
    if (hasCode(error, '28P01', '28000', '3D000')) throw wrongLogin(cluster, error);
    return { refusedWith: error };
  }
}

function wrongLogin({ folder }: Cluster, cause: unknown): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    `${folder.databaseDir}/connection.json does not fit the database beside it: put both back from the same backup.`,
    { cause },
  );
}

/** The socket answers, and with our password: it is our cluster only if it also serves our folder since that start. */
async function refuseStranger(cluster: Cluster, { client, seen }: { client: pg.Client; seen: PidFile }) {
  const { rows } = await client.query<{ dataDir: string; startedAt: number }>(
    `select current_setting('data_directory') as "dataDir",
            extract(epoch from pg_postmaster_start_time())::float8 as "startedAt"`,
  );
  const [running] = rows;
  const isSame =
    running?.dataDir === cluster.folder.clusterDir &&
    Math.abs(running.startedAt - seen.startedAtSeconds) < 60;
  if (isSame) return;
  throw new EmbeddedDatabaseError(
    `The PostgreSQL that listens in ${seen.socketDir} serves ${running?.dataDir ?? 'another folder'}, ` +
      `not ${cluster.folder.clusterDir}. It was left alone: stop it, or choose another DATA_DIR.`,
  );
}
