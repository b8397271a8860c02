import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import type { Tables } from './tables.ts';

const pools = new WeakMap<Kysely<Tables>, Pool>();

export function notePool(db: Kysely<Tables>, pool: Pool): void {
  pools.set(db, pool);
}

/** The pool that the database's connections come from. */
export function poolOf(db: Kysely<Tables>): Pool {
  const pool = pools.get(db);
  if (pool === undefined) throw new Error('a database that `openDatabase` did not open');
  return pool;
}
