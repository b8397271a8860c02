import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPackage, openBinaries } from './binaries.ts';
import type { Binaries } from './binaries.ts';
import { runToEnd } from './child-process.ts';
import { EmbeddedDatabaseError } from './embedded-database-error.ts';
import { flush, lstatIfThere, moveIntoPlace, readIfThere, removeOldDrafts } from './file-system.ts';
import { handOver } from './folder.ts';
import type { Folder } from './folder.ts';
import { readLogin } from './login.ts';
import type { Login } from './login.ts';

/** Settings of the server, on top of our own. */
export type Settings = Readonly<Record<string, string>>;

export type Cluster = { folder: Folder; login: Login; settings: Settings; binaries: () => Promise<Binaries> };

/** The folder's database, made if there is none yet. Refuses one of another major version. */
export async function openCluster(folder: Folder, settings: Settings): Promise<Cluster> {
  const found = await findPackage();
  const binaries = () => openBinaries(found);
  const loginFile = join(folder.databaseDir, 'connection.json');
  let login = await readLogin(loginFile);
  if (login === undefined) {
    if ((await lstatIfThere(folder.databaseDir)) === undefined) {
      await createCluster(folder, { binaries: await binaries(), settings });
    }
    login = await readLogin(loginFile);
  }
  if (login === undefined) {
    throw new EmbeddedDatabaseError(
      `${loginFile} is missing: put it back from a backup of the same data folder, or choose another DATA_DIR.`,
    );
  }
  await refuseOtherMajor(folder, found.major);
  return { folder, login, settings, binaries };
}

async function refuseOtherMajor({ clusterDir }: Folder, major: string): Promise<void> {
  const version = (await readIfThere(join(clusterDir, 'PG_VERSION')))?.trim();
  if (version === major) return;
  throw new EmbeddedDatabaseError(
    version === undefined
      ? `${clusterDir} holds no database: put it back from a backup, or choose another DATA_DIR.`
      : `The database in ${clusterDir} was made by PostgreSQL ${version}, and this release brings ${major}. ` +
          `It was left untouched: go back to the release that made it, or choose another DATA_DIR or a DATABASE_URL.`,
  );
}

type Making = { binaries: Binaries; settings: Settings };

/**
 * Makes everything in a sibling and moves it into place in one step: whoever is killed half-way leaves nothing
 * that looks finished, and of two who begin at once the later throws its own away.
 */
async function createCluster(folder: Folder, making: Making): Promise<void> {
  await removeOldDrafts(folder.databaseDir);
  const draftDir = await mkdtemp(`${folder.databaseDir}.new-`);
  const draft = { ...folder, databaseDir: draftDir, clusterDir: join(draftDir, 'cluster') };
  try {
    if (folder.runAs !== undefined) await chmod(draftDir, 0o711);
    const login = newLogin();
    await initialise(draft, { ...making, login });
    await addLogin(draft, { ...making, login });
    const loginFile = join(draftDir, 'connection.json');
    await writeFile(loginFile, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    await flush(loginFile);
    await flush(draftDir);
    await moveIntoPlace(draftDir, folder.databaseDir);
    await flush(folder.dataDir);
  } finally {
    await rm(draftDir, { recursive: true, force: true });
  }
}

function newLogin(): Login {
  return {
    port: 5432,
    database: 'gatehouse',
    user: 'gatehouse',
    password: randomBytes(32).toString('base64url'),
    adminUser: 'gatehouse_admin',
    adminPassword: randomBytes(32).toString('base64url'),
  };
}

async function initialise(
  draft: Folder,
  { binaries, settings, login }: Making & { login: Login },
): Promise<void> {
  const { clusterDir, databaseDir, runAs } = draft;
  await mkdir(clusterDir, { mode: 0o700 });
  await handOver(clusterDir, draft);
  const passwordFile = join(databaseDir, 'password');
  await writeFile(passwordFile, login.adminPassword, { mode: 0o600, flag: 'wx' });
  await handOver(passwordFile, draft);
  const args = [
    `--pgdata=${clusterDir}`,
    `--username=${login.adminUser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    ...locale,
    '--no-instructions',
    ...Object.entries(serverSettings(settings)).map(([name, value]) => `--set=${name}=${value}`),
    ...(settings['fsync'] === 'off' ? ['--no-sync'] : []),
  ];
  await runToEnd(binaries.initdb, { args, cwd: databaseDir, runAs });
  await rm(passwordFile);
}

/** macOS has no C.UTF-8 of its own; the built-in provider's is the one that sorts and folds. */
const locale = [
  '--locale-provider=builtin',
  '--locale=C.UTF-8',
  ...(process.platform === 'darwin'
    ? ['collate', 'ctype', 'messages', 'monetary', 'numeric', 'time'].map((part) => `--lc-${part}=C`)
    : []),
];

/** In single-user mode, so that the finished folder never exists without its login. */
async function addLogin(draft: Folder, { binaries, login }: Making & { login: Login }): Promise<void> {
  const input = [
    `create role ${login.user} login nosuperuser createrole createdb noinherit nobypassrls password '${login.password}'`,
    `create database ${login.database} owner ${login.user}`,
    'revoke connect on database postgres, template1 from public',
    '',
  ].join('\n');
  const args = ['--single', '-D', draft.clusterDir, 'postgres'];
  const said = await runToEnd(binaries.postgres, { args, cwd: draft.databaseDir, runAs: draft.runAs, input });
  // It goes on after a statement that failed, and ends well.
  if (/\b(ERROR|FATAL|PANIC):/.test(said)) {
    throw new EmbeddedDatabaseError(
      `The embedded database could not be set up in ${draft.dataDir}: ${said.trim()}`,
    );
  }
}

/** Small, silent, and reachable by nothing but its socket. Logs carry no values: they may be personal. */
export function serverSettings(settings: Settings): Settings {
  return {
    listen_addresses: '',
    max_connections: '100',
    shared_buffers: '32MB',
    dynamic_shared_memory_type: 'mmap',
    io_method: 'sync',
    max_logical_replication_workers: '0',
    unix_socket_permissions: '0700',
    password_encryption: 'scram-sha-256',
    log_checkpoints: 'off',
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    ...settings,
  };
}
