import { Kysely, PostgresDialect } from 'kysely';
import type { PoolConfig } from 'pg';
import { isUpToDate } from './migrate.ts';
import type { MigrationList } from './migrations/lists.ts';
import { openPool } from './open-pool.ts';
import { notePool, poolOf } from './pool-of.ts';
import type { Database } from './scopes.ts';
import type { Tables } from './tables.ts';

const idleTimeoutMs = 30_000;
/** Longer than the scopes give Postgres itself, so that it passes only where nothing comes back at all. */
const answerTimeoutMs = 9_000;

export type PoolSettings = {
  readonly connection: PoolConfig;
  readonly maxConnections: number;
  onError(error: Error): void;
};

/** How many callers wait for a connection that others hold. */
export function callersWaiting(db: Database): number {
  return poolOf(db).waitingCount;
}

/** Connections open, of them unused, and callers that wait for one. */
export type PoolUse = { readonly total: number; readonly idle: number; readonly waiting: number };

export function poolUse(db: Database): PoolUse {
  const { totalCount: total, idleCount: idle, waitingCount: waiting } = poolOf(db);
  return { total, idle, waiting };
}

/** The pool that every transaction comes from. Connects on first use; an idle connection that dies is replaced. */
export function openDatabase({ connection, maxConnections, onError }: PoolSettings): Database {
  const limits = {
    max: maxConnections,
    idleTimeoutMillis: idleTimeoutMs,
    query_timeout: answerTimeoutMs,
    pipeline: true,
  };
  const pool = openPool({ ...connection, ...limits }, onError);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  notePool(db, pool);
  return db;
}

/** Whether the database answers and holds every migration of the list. */
export async function isReady(db: Database, migrations: MigrationList): Promise<boolean> {
  try {
    return await isUpToDate(db, migrations);
  } catch {
    return false; // for a readiness probe, any failure means the same: not now
  }
}
