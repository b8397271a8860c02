import { sql } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';

/**
 * Until the end of the transaction each row that is joined is looked up by its key. A page of the trail is small beside
 * the trail; a database that has not counted lately reads all of it to join a page.
 */
export async function lookUpByKey(tx: SystemTx): Promise<void> {
  await sql`select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
    set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true)`.execute(tx);
}
