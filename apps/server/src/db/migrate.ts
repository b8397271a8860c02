import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Migration } from 'kysely/migration';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolConfig } from 'pg';
import type { MigrationList } from './migrations/lists.ts';
import { openPool } from './open-pool.ts';
import { isPooledByTransaction } from './pooler.ts';
import { becomeOwner, ensureRoles, holdsRoles, scopeRoles } from './roles.ts';

/** The lock that lets one of many starting processes migrate while the others wait. Any number, never changed. */
const migrationLock = 7_236_415;
const lockPollMs = 50;
const bookkeeping = { migrationTableSchema: 'gatehouse', migrationTableName: 'migrations' };

export type MigrationOptions = {
  /** A login that may own the schema. */
  readonly connection: PoolConfig;
  /** The login whose transactions take the limited roles. */
  readonly workingLogin: string;
  readonly migrations: MigrationList;
};

const poolerAdvice =
  'there is something to migrate, and a pooler that shares connections lies before this database. ' +
  'Set DATABASE_MIGRATION_URL to an address of PostgreSQL itself, or of a pool of whole sessions.';

/** Whether there is nothing to do for `migrate`, as the working login sees it. */
export async function isMigrated<Schema>(
  db: Kysely<Schema>,
  { workingLogin, migrations }: Omit<MigrationOptions, 'connection'>,
): Promise<boolean> {
  return (await isUpToDate(db, migrations)) && (await holdsRoles(db, workingLogin));
}

/**
 * Brings the schema up to date. N processes may call it at once; a schema newer than this list is left alone.
 * @throws Error where the connection's session is not ours alone
 */
export async function migrate({ connection, workingLogin, migrations }: MigrationOptions): Promise<void> {
  const pool = openPool({ ...connection, max: 2 }, () => undefined);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    await db.connection().execute(async (session) => {
      if (await isPooledByTransaction(db, session)) throw new Error(poolerAdvice);
      await takeLock(session);
      await ensureRoles(session, workingLogin);
      await becomeOwner(session);
      await migrateAll(session, migrations);
      await sql`grant usage on schema gatehouse to ${sql.join(scopeRoles.map((role) => sql.id(role)))}`.execute(
        session,
      );
      await sql`grant select on gatehouse.migrations to gatehouse_system`.execute(session);
    });
  } finally {
    await db.destroy();
  }
}

/** Whether every migration of the list is in; a newer schema counts. False where there is no schema yet. */
export async function isUpToDate<Schema>(db: Kysely<Schema>, migrations: MigrationList): Promise<boolean> {
  const { rows: found } = await sql`select from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'gatehouse' and c.relname = 'migrations'
      and has_table_privilege('gatehouse_system', c.oid, 'select')`.execute(db);
  if (found.length === 0) return false;
  const names = await db.transaction().execute(async (tx) => {
    await sql`select set_config('role', 'gatehouse_system', true)`.execute(tx);
    return await sql<{ name: string }>`select name from gatehouse.migrations`.execute(tx);
  });
  const applied = new Set(names.rows.map((row) => row.name));
  return Object.keys(migrations).every((name) => applied.has(name));
}

/** Polled, outside a transaction: a waiting lock call would hold a snapshot open and stall concurrent index builds. */
async function takeLock(db: Kysely<unknown>): Promise<void> {
  for (;;) {
    const { rows } = await sql<{
      taken: boolean;
    }>`select pg_try_advisory_lock(${migrationLock}) as taken`.execute(db);
    if (rows[0]?.taken === true) return;
    await sleep(lockPollMs);
  }
}

async function migrateAll(db: Kysely<unknown>, migrations: MigrationList): Promise<void> {
  const provider = {
    getMigrations: () => Promise.resolve(Object.fromEntries(Object.entries(migrations).map(toMigration))),
  };
  const migrator = new Migrator({ db, provider, ...bookkeeping, allowUnorderedMigrations: true });
  const { error } = await migrator.migrateToLatest();
  if (error instanceof Error) throw error;
  if (error !== undefined) throw new Error('a migration failed', { cause: error });
}

function toMigration([name, statements]: [string, string]): [string, Migration] {
  const up = async (db: Kysely<unknown>) => {
    await sql.raw(statements).execute(db);
  };
  return [name, { up }];
}
