import { Pool } from 'pg';
import type { PoolConfig } from 'pg';

const connectTimeoutMs = 5_000;

/** A pool whose connections may break at any moment. `onError` hears of those that were idle; the others tell whoever uses them. */
export function openPool(config: PoolConfig, onError: (error: Error) => void): Pool {
  const pool = new Pool({ connectionTimeoutMillis: connectTimeoutMs, keepAlive: true, ...config });
  pool.on('error', onError);
  // A connection in use has no listener of the pool's: without one of its own, its end would be the process's.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
