import { CompiledQuery, PostgresDialect, Transaction } from 'kysely';
import type { DatabaseConnection, Kysely } from 'kysely';
import { isReadOnly, storageErrorCode } from './storage-errors.ts';
import type { Tables } from './tables.ts';

/** What a transaction is made of beside its connection, which it is given. */
const dialect = new PostgresDialect({
  pool: () => Promise.reject(new Error('a transaction has its connection')),
});
const parts = { config: { dialect }, dialect, driver: dialect.createDriver() };

/**
 * Runs `work` in one transaction, which `beginning` prepares. What is asked in it goes out at once, also while earlier
 * answers are awaited, and is answered in order: statements that need not wait for each other cost one round trip.
 */
export async function inTransaction<T>(
  db: Kysely<Tables>,
  beginning: string,
  work: (tx: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  const executor = db.getExecutor();
  return await executor.provideConnection(async (connection) => {
    const loan = lend(connection);
    const tx = new Transaction<Tables>({ ...parts, executor: executor.withConnectionProvider(loan) });
    const begun = loan.provideConnection((own) => tell(own, `begin; ${beginning}`));
    try {
      const [result] = await Promise.all([work(tx), begun]);
      loan.takeBack();
      if (!(await commits(connection))) throw loan.firstFailure();
      return result;
    } catch (error) {
      loan.takeBack();
      const cause = isRefusedBehind(error) ? loan.firstFailure() : error;
      await tell(connection, 'rollback').catch(() => undefined); // a broken connection has forgotten it already
      if (isReadOnly(cause)) await leave(connection);
      throw cause;
    }
  });
}

/** The connection as a transaction has it until it is over. What failed first is why everything behind it is refused. */
function lend(connection: DatabaseConnection) {
  let isOver = false;
  let first: unknown;
  return {
    async provideConnection<R>(use: (own: DatabaseConnection) => Promise<R>): Promise<R> {
      if (isOver) throw new Error('the transaction is over');
      try {
        return await use(connection);
      } catch (error) {
        first ??= error;
        throw error;
      }
    },
    firstFailure: () =>
      first instanceof Error ? first : new Error('the transaction had failed and was rolled back'),
    takeBack() {
      isOver = true;
    },
  };
}

/** Ends it, and waits until that is noticed here: from then on the pool does not lend it any more. */
async function leave(connection: DatabaseConnection): Promise<void> {
  for (const statement of ['select pg_terminate_backend(pg_backend_pid())', 'select 1'])
    await tell(connection, statement).catch(() => undefined);
}

/** Whether the statement itself was never tried: PostgreSQL refuses whatever follows one that failed. */
function isRefusedBehind(error: unknown): boolean {
  return storageErrorCode(error) === '25P02'; // in_failed_sql_transaction
}

async function tell(connection: DatabaseConnection, statement: string) {
  return await connection.executeQuery<{ command?: string }>(CompiledQuery.raw(statement));
}

/** False where a statement that nobody waited for had failed: then PostgreSQL rolls back instead. */
async function commits(connection: DatabaseConnection): Promise<boolean> {
  const { rows } = await tell(connection, 'commit');
  return rows[0]?.command === 'COMMIT';
}
