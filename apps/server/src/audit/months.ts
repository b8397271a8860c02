import { sql } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';

/** Makes the partitions of this month and the next (UTC), so that no event falls into the rest. Returns 0: it is done. */
export async function ensureAuditMonths(tx: SystemTx, now: Date): Promise<0> {
  const day = now.toISOString().slice(0, 10);
  await sql`select ensure_audit_month(${day}::date), ensure_audit_month((${day}::date + interval '1 month')::date)`.execute(
    tx,
  );
  return 0;
}
