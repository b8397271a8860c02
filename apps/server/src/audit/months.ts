import { sql } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';

/** Makes the partitions of this month and the next, so that no event falls into the rest. */
export async function ensureAuditMonths(tx: SystemTx, now: Date): Promise<void> {
  await sql`select ensure_audit_month(${now}::date), ensure_audit_month((${now}::date + interval '1 month')::date)`.execute(
    tx,
  );
}
