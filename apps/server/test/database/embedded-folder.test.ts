import { spawn } from 'node:child_process';
import { chmod, chown, readFile, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { attachEmbedded, serveEmbedded } from '../../src/db/embedded/embedded-postgres.ts';
import { ask, embeddedFolders, postmastersBelow } from '../support/embedded-folders.ts';

const folders = embeddedFolders();
const isRoot = process.geteuid?.() === 0;

afterEach(async () => {
  await folders.clear();
});

afterAll(async () => {
  await folders.clearAll();
});

async function longFolder(): Promise<string> {
  const folder = await folders.emptyFolder();
  await chmod(folder, 0o755);
  return join(folder, 'long-'.repeat(20), 'name-'.repeat(20));
}

function quick(dataDir: string, lines: string[] = []) {
  return { dataDir, log: (line: string) => lines.push(line), settings: { fsync: 'off' } };
}

test('a database of another major version is refused and left untouched', async () => {
  const dataDir = await folders.usedFolder();
  const versionFile = join(dataDir, 'database/cluster/PG_VERSION');
  await writeFile(versionFile, '17\n');
  await expect(serveEmbedded(quick(dataDir))).rejects.toThrow(
    /was made by PostgreSQL 17, and this release brings 18/,
  );
  expect(await readFile(versionFile, 'utf8')).toBe('17\n');
});

test('a left-over pid that a foreign process bears by now neither hinders the start nor is touched', async () => {
  const dataDir = await folders.usedFolder();
  const cluster = join(dataDir, 'database/cluster');
  const { uid, gid } = await stat(cluster);
  const stranger = spawn('sleep', ['30'], { stdio: 'ignore', ...(isRoot ? { uid, gid } : {}) });
  const socketDir = join(dataDir, 'database/socket');
  const pidFile = [stranger.pid, cluster, 1_700_000_000, 5432, socketDir, '', '', 'ready', ''].join('\n');
  await writeFile(join(cluster, 'postmaster.pid'), pidFile, { mode: 0o600 });
  await chown(join(cluster, 'postmaster.pid'), uid, gid);
  const server = await serveEmbedded(quick(dataDir));
  expect(await ask(server.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  await server.stop();
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  stranger.kill();
});

test('a data folder with a very long path has its socket elsewhere', async () => {
  const dataDir = await longFolder();
  const server = await serveEmbedded(quick(dataDir));
  folders.adopt(server.connection.socketDir);
  expect(server.dataDir).toBe(dataDir);
  expect(Buffer.byteLength(join(server.connection.socketDir, '.s.PGSQL.5432'))).toBeLessThanOrEqual(107);
  expect((await stat(server.connection.socketDir)).mode & 0o777).toBe(0o700);
  const command = await attachEmbedded(quick(dataDir));
  expect(command.connection).toEqual(server.connection);
  await command.detach();
  await server.stop();
});

test('a short folder for the socket that somebody else prepared is not used', async () => {
  const dataDir = await longFolder();
  const first = await serveEmbedded(quick(dataDir));
  await first.stop();
  folders.adopt(first.connection.socketDir);
  await chmod(first.connection.socketDir, 0o777);
  const second = await serveEmbedded(quick(dataDir));
  folders.adopt(second.connection.socketDir);
  expect(second.connection.socketDir).not.toBe(first.connection.socketDir);
  await second.stop();
});

test.skipIf(!isRoot)(
  'root below a closed home gets another folder, is told so, and finds it again (only root)',
  async () => {
    const home = await folders.emptyFolder(); // mkdtemp makes it 0700
    const dataDir = join(home, 'project/.data/cloud');
    const lines: string[] = [];
    const first = await serveEmbedded(quick(dataDir, lines));
    folders.adopt(first.dataDir);
    expect(first.dataDir).not.toContain(home);
    expect(lines.join()).toContain(first.dataDir);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    await ask(first.connection, `create table notes as select 'kept' as text`);
    await first.stop();
    await chmod(home, 0o755);
    const second = await serveEmbedded(quick(dataDir));
    expect(second.dataDir).toBe(first.dataDir);
    expect(await ask(second.connection, 'select text from notes')).toEqual([{ text: 'kept' }]);
    await second.stop();
  },
);

test.skipIf(!isRoot)(
  'a database that a closed folder has cut off is not replaced by an empty one (only root)',
  async () => {
    const home = await folders.emptyFolder();
    await chmod(home, 0o755);
    const dataDir = join(home, 'data');
    await (await attachEmbedded(quick(dataDir))).detach();
    await chmod(home, 0o700);
    await expect(serveEmbedded(quick(dataDir))).rejects.toThrow(`because ${home} is closed to it`);
  },
);

test('passwords are in a file for their owner alone, and nothing listens on TCP', async () => {
  const dataDir = await folders.emptyFolder();
  const server = await serveEmbedded(quick(dataDir));
  const { connection } = server;
  expect((await stat(join(dataDir, 'database/connection.json'))).mode & 0o777).toBe(0o600);
  expect((await stat(connection.socketDir)).mode & 0o777).toBe(0o700);
  expect(await ask(connection, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
  const access = await readFile(join(dataDir, 'database/cluster/pg_hba.conf'), 'utf8');
  const methods = access
    .split('\n')
    .filter((line) => /^\s*[^#\s]/.test(line))
    .map((line) => line.split(/\s+/).at(-1));
  expect(new Set(methods)).toEqual(new Set(['scram-sha-256']));
  await expect(ask({ ...connection, password: 'guessed' }, 'select 1')).rejects.toThrow(
    /password authentication failed/,
  );
  expect(await readdir(join(dataDir, 'database'))).not.toContain('password');
  await server.stop();
});

test('the login of the application owns its database and is no superuser', async () => {
  const dataDir = await folders.usedFolder();
  const server = await serveEmbedded(quick(dataDir));
  const [login] = await ask(
    server.connection,
    `select rolsuper, rolcreaterole, rolcreatedb, rolinherit, rolbypassrls from pg_roles where rolname = current_user`,
  );
  expect(login).toEqual({
    rolsuper: false,
    rolcreaterole: true,
    rolcreatedb: true,
    rolinherit: false,
    rolbypassrls: false,
  });
  await ask(server.connection, 'create table mine (id int)');
  await expect(ask({ ...server.connection, database: 'postgres' }, 'select 1')).rejects.toThrow(
    /permission denied/,
  );
  await server.stop();
});

test('a damaged password file, and one that is gone, are told of and nothing is made anew', async () => {
  const dataDir = await folders.usedFolder();
  const file = join(dataDir, 'database/connection.json');
  await writeFile(file, '{');
  await expect(serveEmbedded(quick(dataDir))).rejects.toThrow(`${file} is damaged`);
  await rename(file, `${file}.away`);
  await expect(serveEmbedded(quick(dataDir))).rejects.toThrow(`${file} is missing`);
  expect(await postmastersBelow(dataDir)).toEqual([]);
});

test('a Postgres that cannot start is told of with the last words of its log', async () => {
  const dataDir = await folders.emptyFolder();
  await expect(
    serveEmbedded({ ...quick(dataDir), settings: { fsync: 'off', shared_buffers: 'plenty' } }),
  ).rejects.toThrow(/shared_buffers/);
  expect(await postmastersBelow(dataDir)).toEqual([]);
});
