import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any answer takes that need not wait for our own transaction. */
const answerMs = 2_000;
/** A pooler mostly lends what was given back last, which in between may have been somebody else's. */
const rounds = 5;

/**
 * Whether a pooler lies before the database and lends connections by the transaction, so that a session of its own is
 * not to be had: while another transaction is open, `session` meets other backends than it did. Takes a second connection.
 */
export async function isPooledByTransaction<Schema>(
  db: Kysely<Schema>,
  session: Kysely<Schema>,
): Promise<boolean> {
  for (let round = 0; round < rounds; round += 1) {
    const before = await backendOf(session);
    const isMoved = await db.transaction().execute(async (tx) => {
      const other = await backendOf(tx);
      const after = await Promise.race([backendOf(session), sleep(answerMs, undefined, { ref: false })]);
      return other === before || after !== before;
    });
    if (isMoved) return true;
  }
  return false;
}

async function backendOf<Schema>(db: Kysely<Schema>): Promise<number | undefined> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
  return rows[0]?.pid;
}
