import type { SystemTx } from '../db/scopes.ts';

/** The short name of the company that a chain is of; none where there is no such company. */
export async function slugOfCompany(tx: SystemTx, companyId: string): Promise<string | undefined> {
  const found = await tx
    .selectFrom('company_slugs')
    .select('slug')
    .where('company_id', '=', companyId)
    .executeTakeFirst();
  return found?.slug;
}
