import { sql } from 'kysely';
import type { SystemTx } from '../db/scopes.ts';
import type { ChainHead } from './chain.ts';

/** A head, and when the event that it seals happened. */
export type Newest = ChainHead & { readonly eventAt: Date };

/** The ends of these chains; the others are not looked at. */
export async function headsOf(tx: SystemTx, chains: readonly string[]): Promise<Map<string, Newest>> {
  if (chains.length === 0) return new Map();
  const { rows } = await sql<{ chain: string; position: string; seal: Buffer; eventAt: Date }>`
    select head.chain, head.position, head.seal, head.event_at as "eventAt"
    from unnest(${chains}::uuid[]) as asked (chain)
    cross join lateral (
      select * from audit_chain_seals where chain = asked.chain order by position desc limit 1
    ) as head`.execute(tx);
  return new Map(rows.map((row) => [row.chain, { ...row, position: BigInt(row.position) }]));
}
