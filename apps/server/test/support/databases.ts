import { Client, Pool } from 'pg';
import type { PoolConfig } from 'pg';
import { inject } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
import { cloudMigrations } from '../../src/db/migrations/lists.ts';

let template: Promise<string> | undefined;
let made = 0;

/** How the working login reaches a database of this run's Postgres. */
export function connectionTo(database: string): PoolConfig {
  const { socketDir, port, user, password } = inject('postgres');
  return { host: socketDir, port, user, password, database };
}

export async function asAdmin<T>(database: string, work: (client: Client) => Promise<T>): Promise<T> {
  const { socketDir, port, adminUser, adminPassword } = inject('postgres');
  const client = new Client({ host: socketDir, port, user: adminUser, password: adminPassword, database });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A new, migrated database: a copy of this worker's template. */
export async function makeDatabase(): Promise<string> {
  const source = await (template ??= makeTemplate());
  made += 1;
  const name = `test_${String(process.pid)}_${String(made)}`;
  const { user } = inject('postgres');
  // Copying files costs a third of writing everything to the log once more.
  await administer(`create database ${name} template ${source} strategy file_copy owner ${user}`);
  return name;
}

export async function dropDatabase(name: string): Promise<void> {
  await administer(`drop database if exists ${name} with (force)`);
}

let administrators: Pool | undefined;

/** On connections that are kept for the databases that come and go. */
async function administer(statement: string): Promise<void> {
  administrators ??= openAdministrators();
  await administrators.query(statement);
}

function openAdministrators(): Pool {
  const { socketDir, port, adminUser: user, adminPassword: password } = inject('postgres');
  const login = { host: socketDir, port, user, password, database: 'postgres' };
  const pool = new Pool({ ...login, max: 2, allowExitOnIdle: true });
  return pool.on('error', () => undefined); // whoever asks next gets another
}

async function makeTemplate(): Promise<string> {
  const name = `template_${String(process.pid)}`;
  const { user } = inject('postgres');
  await asAdmin('postgres', async (client) => {
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`create database ${name} owner ${user}`);
  });
  await migrate({ connection: connectionTo(name), workingLogin: user, migrations: cloudMigrations });
  return name;
}

/** As `DATABASE_URL` takes it: a Postgres that listens on a Unix socket. */
export function databaseUrl(name: string): string {
  const { socketDir, port, user, password } = inject('postgres');
  const host = encodeURIComponent(socketDir);
  return `postgres://${user}:${encodeURIComponent(password)}@${host}:${String(port)}/${name}`;
}
