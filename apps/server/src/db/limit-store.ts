import type { PoolConfig, QueryConfig, QueryResult } from 'pg';
import { minuteMs } from '../kernel/clock.ts';
import { lastResult, oneMessage } from './one-message.ts';
import { breakConnections, openPool } from './open-pool.ts';
import type { SystemTx } from './scopes.ts';
import { isReadOnly } from './storage-errors.ts';

/** The counters of rate limits in the database, as `rate-limiter-flexible` asks for them. */
export type LimitStore = {
  /** @throws whatever the database says; at once and without asking it for a second after it failed */
  query(statement: QueryConfig): Promise<QueryResult>;
  /** How many callers wait for a connection. */
  waiting(): number;
  close(): Promise<void>;
};

export type LimitStoreSettings = {
  readonly connection: PoolConfig;
  /** Hears of a failure once a minute. */
  onFailure(error: unknown): void;
};

const maxConnections = 2;
/** A counter that takes longer is no help at a door: whoever asks counts for himself. */
const answerTimeoutMs = 750;
const idleTimeoutMs = 30_000;
const restMs = 1_000;

const limits = {
  max: maxConnections,
  idleTimeoutMillis: idleTimeoutMs,
  connectionTimeoutMillis: answerTimeoutMs,
  query_timeout: answerTimeoutMs,
};

/** What an unlogged table holds need not wait for a disk. */
const asSystem = `select set_config('role', 'gatehouse_system', true), set_config('synchronous_commit', 'off', true),
  set_config('statement_timeout', '${answerTimeoutMs}ms', true)`;

/** Connections of its own: a door that counts does not queue behind the work that it keeps out. */
export function openLimitStore({ connection, onFailure }: LimitStoreSettings): LimitStore {
  const pool = openPool({ ...connection, ...limits }, () => undefined); // the next statement tells
  let restsUntilMs = 0;
  let toldAtMs = -minuteMs;
  let closing: Promise<void> | undefined;
  function rest(error: unknown): void {
    const now = performance.now();
    restsUntilMs = now + restMs;
    if (now - toldAtMs < minuteMs) return;
    toldAtMs = now;
    onFailure(error);
  }
  return {
    async query(statement) {
      if (performance.now() < restsUntilMs) throw new Error('the limit store failed a moment ago');
      try {
        const answer: unknown = await pool.query(oneMessage(asSystem, statement));
        return lastResult(answer);
      } catch (error) {
        if (isReadOnly(error)) breakConnections(pool);
        rest(error);
        throw error;
      }
    },
    waiting: () => pool.waitingCount,
    close: () => (closing ??= pool.end()),
  };
}

/** Longer than the clocks of two replicas may differ. */
const keptMs = minuteMs;
const batchSize = 1_000;

/** Deletes counters that have run out, a thousand at most; returns how many. */
export async function forgetLimits(tx: SystemTx, now: Date): Promise<number> {
  const ranOutBefore = String(now.getTime() - keptMs);
  const { numDeletedRows } = await tx
    .deleteFrom('rate_limits')
    .where('expire', '<', ranOutBefore)
    .where('key', 'in', (counters) =>
      counters
        .selectFrom('rate_limits')
        .select('key')
        .where('expire', '<', ranOutBefore)
        .orderBy('expire')
        .limit(batchSize)
        .forUpdate()
        .skipLocked(),
    )
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
