import { sql } from 'kysely';
import type { SystemTx } from './scopes.ts';

const batchSize = 5_000;

/**
 * Deletes notes that every process has read or will not ask for any more: whoever was silent for a minute trusts
 * nothing that it knew. Goes by the database's clock, as the notes do. Returns how many it deleted.
 */
export async function forgetChanges(tx: SystemTx): Promise<number> {
  const { numAffectedRows } = await sql`delete from changes where ctid = any(array(
    select ctid from changes where at < clock_timestamp() - interval '10 minutes' limit ${batchSize}))`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0n);
}
