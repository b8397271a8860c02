import { CompiledQuery, PostgresDialect, Transaction } from 'kysely';
import type { DatabaseConnection, Kysely } from 'kysely';
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
    let isOver = false;
    const provideConnection = async <R>(use: (own: DatabaseConnection) => Promise<R>): Promise<R> => {
      if (isOver) throw new Error('the transaction is over');
      return await use(connection);
    };
    const tx = new Transaction<Tables>({
      ...parts,
      executor: executor.withConnectionProvider({ provideConnection }),
    });
    const begun = tell(connection, `begin; ${beginning}`);
    try {
      const [result] = await Promise.all([work(tx), begun]);
      isOver = true;
      await commit(connection);
      return result;
    } catch (error) {
      isOver = true;
      // Where the beginning failed, what came after it has only failed because of that.
      const first = await begun.then(
        () => error,
        (cause: unknown) => cause,
      );
      await tell(connection, 'rollback').catch(() => undefined); // a broken connection has forgotten it already
      throw first;
    }
  });
}

async function tell(connection: DatabaseConnection, statement: string) {
  return await connection.executeQuery<{ command?: string }>(CompiledQuery.raw(statement));
}

/** @throws Error where a statement that nobody waited for had failed: then PostgreSQL rolls back instead. */
async function commit(connection: DatabaseConnection): Promise<void> {
  const { rows } = await tell(connection, 'commit');
  if (rows[0]?.command !== 'COMMIT') throw new Error('the transaction had failed and was rolled back');
}
