import { Kysely, PostgresDialect } from 'kysely';
import type { PoolConfig } from 'pg';
import { isUpToDate } from './migrate.ts';
import type { MigrationList } from './migrations/lists.ts';
import { openPool } from './open-pool.ts';
import type { Database } from './scopes.ts';
import type { Tables } from './tables.ts';

const idleTimeoutMs = 30_000;
const statementTimeoutMs = 8_000;
/** Longer than Postgres itself is given, so that it passes only where nothing comes back at all. */
const answerTimeoutMs = 9_000;

export type PoolSettings = {
  readonly connection: PoolConfig;
  readonly maxConnections: number;
  onError(error: Error): void;
};

/** The pool that every transaction comes from. Connects on first use; an idle connection that dies is replaced. */
export function openDatabase({ connection, maxConnections, onError }: PoolSettings): Database {
  const limits = {
    max: maxConnections,
    idleTimeoutMillis: idleTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: answerTimeoutMs,
    // A process that hangs or lost its network between two statements must not hold locks.
    idle_in_transaction_session_timeout: answerTimeoutMs,
  };
  const pool = openPool({ ...connection, ...limits }, onError);
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/** Whether the database answers and holds every migration of the list. */
export async function isReady(db: Database, migrations: MigrationList): Promise<boolean> {
  try {
    return await isUpToDate(db, migrations);
  } catch {
    return false; // for a readiness probe, any failure means the same: not now
  }
}
