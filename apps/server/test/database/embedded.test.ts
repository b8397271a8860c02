import { readdir } from 'node:fs/promises';
import { afterAll, afterEach, expect, inject, test } from 'vitest';
import { attachEmbedded, serveEmbedded } from '../../src/db/embedded/embedded-postgres.ts';
import type { EmbeddedConnection } from '../../src/db/embedded/embedded-postgres.ts';
import { ask, embeddedFolders, postmastersBelow, until } from '../support/embedded-folders.ts';

const folders = embeddedFolders();

afterEach(async () => {
  await folders.clear();
});

afterAll(async () => {
  await folders.clearAll();
});

function quick(dataDir: string, lines: string[] = []) {
  return { dataDir, log: (line: string) => lines.push(line), settings: { fsync: 'off' } };
}

function connectionIn(readyLine: string): EmbeddedConnection {
  return JSON.parse(readyLine.slice('ready '.length)) as EmbeddedConnection; // printed by our own child
}

test('an empty folder becomes a database, and a restart finds what was written', async () => {
  const dataDir = await folders.emptyFolder();
  const first = await serveEmbedded(quick(dataDir));
  await ask(first.connection, `create table notes as select 'kept' as text`);
  await first.stop();
  expect(await postmastersBelow(dataDir)).toEqual([]);
  const second = await serveEmbedded(quick(dataDir));
  expect(await ask(second.connection, 'select text from notes')).toEqual([{ text: 'kept' }]);
  await second.stop();
});

test('every acknowledged row outlives a kill -9 of the server, and the next server takes up the same Postgres', async () => {
  const dataDir = await folders.usedFolder();
  const server = folders.start('write', dataDir);
  await until(() => server.lines.length > 100);
  const [postmaster] = await postmastersBelow(dataDir);
  server.kill('SIGKILL');
  await server.ended();
  const acknowledged = server.lines.filter((line) => line.startsWith('acknowledged')).length;
  const next = await serveEmbedded(quick(dataDir));
  expect(await postmastersBelow(dataDir)).toEqual([postmaster]);
  const [found] = await ask(next.connection, 'select count(*)::int as count, max(number) as last from rows');
  expect(found?.['count']).toBe(found?.['last']);
  expect(found?.['count']).toBeGreaterThanOrEqual(acknowledged);
  await next.stop();
  expect(await postmastersBelow(dataDir)).toEqual([]);
});

test('every acknowledged row outlives a kill -9 of the server and of its Postgres', async () => {
  const dataDir = await folders.usedFolder();
  const server = folders.start('write', dataDir);
  await until(() => server.lines.length > 100);
  server.kill('SIGKILL');
  for (const pid of await postmastersBelow(dataDir)) process.kill(pid, 'SIGKILL');
  await server.ended();
  const acknowledged = server.lines.filter((line) => line.startsWith('acknowledged')).length;
  const next = await serveEmbedded(quick(dataDir));
  const [found] = await ask(next.connection, 'select count(*)::int as count from rows');
  expect(found?.['count']).toBeGreaterThanOrEqual(acknowledged);
  await next.stop();
});

test('a second server on a folder is refused in a sentence with the folder and the pid of the first', async () => {
  const dataDir = await folders.usedFolder();
  const first = await serveEmbedded(quick(dataDir));
  await expect(serveEmbedded(quick(dataDir))).rejects.toThrow(
    `Another server already runs on the data folder ${dataDir} (pid ${process.pid})`,
  );
  expect(await ask(first.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  await first.stop();
});

test('of two servers that start at once on an empty folder, one serves and the other is refused', async () => {
  const dataDir = await folders.emptyFolder();
  const servers = [folders.start('serve', dataDir), folders.start('serve', dataDir)];
  const told = await Promise.all(servers.map((server) => server.told('ready', 'refused')));
  const ready = told.filter((line) => line.startsWith('ready'));
  const refused = told.filter((line) => line.startsWith('refused'));
  expect([ready.length, refused.length]).toEqual([1, 1]);
  expect(refused[0]).toContain(
    `EmbeddedDatabaseError: Another server already runs on the data folder ${dataDir}`,
  );
  expect(await ask(connectionIn(ready[0] ?? ''), 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(await postmastersBelow(dataDir)).toHaveLength(1);
  expect(await readdir(dataDir)).toEqual(['database']);
});

test('a server that starts while the last one stops waits for its end', async () => {
  const dataDir = await folders.usedFolder();
  const first = await serveEmbedded(quick(dataDir));
  const [, second] = await Promise.all([first.stop(), serveEmbedded(quick(dataDir))]);
  expect(await ask(second.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  await second.stop();
});

test('a server whose Postgres is killed starts it again and keeps the folder', async () => {
  const dataDir = await folders.usedFolder();
  const lines: string[] = [];
  const server = await serveEmbedded(quick(dataDir, lines));
  const [killed = 0] = await postmastersBelow(dataDir);
  process.kill(killed, 'SIGKILL');
  await until(() => lines.some((line) => line.endsWith('is back.')));
  expect(lines[0]).toContain(`The embedded database in ${dataDir} broke off`);
  expect(await ask(server.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  await expect(serveEmbedded(quick(dataDir))).rejects.toThrow(`(pid ${process.pid})`);
  await server.stop();
  expect(await postmastersBelow(dataDir)).toEqual([]);
});

test('a command works in the database of a running server and leaves it running', async () => {
  const dataDir = await folders.usedFolder();
  const server = await serveEmbedded(quick(dataDir));
  await ask(server.connection, `create table notes as select 'seen' as text`);
  const command = await attachEmbedded(quick(dataDir));
  expect(await ask(command.connection, 'select text from notes')).toEqual([{ text: 'seen' }]);
  await command.detach();
  expect(await ask(server.connection, 'select text from notes')).toEqual([{ text: 'seen' }]);
  await server.stop();
});

test('a command on a stopped folder runs Postgres for its own time', async () => {
  const dataDir = await folders.usedFolder();
  const command = await attachEmbedded(quick(dataDir));
  expect(await ask(command.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  await command.detach();
  expect(await postmastersBelow(dataDir)).toEqual([]);
});

test('of two commands the last to leave stops Postgres', async () => {
  const dataDir = await folders.usedFolder();
  const [first, second] = [await attachEmbedded(quick(dataDir)), await attachEmbedded(quick(dataDir))];
  await first.detach();
  expect(await ask(second.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  await second.detach();
  expect(await postmastersBelow(dataDir)).toEqual([]);
});

test('a command that was killed does not keep Postgres running', async () => {
  const dataDir = await folders.usedFolder();
  const killed = folders.start('attach', dataDir);
  await killed.told('ready');
  const { connection, detach } = await attachEmbedded(quick(dataDir));
  const asAdmin = { ...connection, user: connection.adminUser, password: connection.adminPassword };
  killed.kill('SIGKILL');
  await until(async () => {
    const commands = await ask(
      asAdmin,
      `select from pg_stat_activity where application_name like '% command %'`,
    );
    return commands.length === 1;
  });
  await detach();
  expect(await postmastersBelow(dataDir)).toEqual([]);
});

test('a server that came while a command ran keeps its Postgres when the command leaves', async () => {
  const dataDir = await folders.usedFolder();
  const command = await attachEmbedded(quick(dataDir));
  const server = await serveEmbedded(quick(dataDir));
  await command.detach();
  expect(await ask(server.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  await server.stop();
});

test('Ctrl-C in the terminal reaches the server and leaves Postgres to it', async () => {
  const dataDir = await folders.usedFolder();
  const server = folders.start('serve', dataDir);
  await server.told('ready');
  process.kill(-server.pid, 'SIGINT');
  expect(await server.told('interrupted')).toBe('interrupted 42');
  server.kill('SIGTERM');
  await server.told('closed');
  expect(await postmastersBelow(dataDir)).toEqual([]);
});

test('the test run has one Postgres of its own, and its administrator may make databases', async () => {
  const { adminUser: user, adminPassword: password, ...postgres } = inject('postgres');
  const connection = { ...postgres, user, password, adminUser: user, adminPassword: password };
  expect(connection.socketDir).toContain('gatehouse-test-postgres-');
  expect(await ask(connection, `select rolsuper from pg_roles where rolname = current_user`)).toEqual([
    { rolsuper: true },
  ]);
});
