import type { CompanyTx, SystemTx } from '../db/scopes.ts';
import { enterCompany } from '../db/scopes.ts';
import type { Row } from '../db/tables.ts';
import { newId } from '../kernel/ids.ts';
import type { Change } from './change.ts';

export type Company = {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: Row<'companies'>['status'];
};

/** Makes the company, active, where its slug is free; many processes may ask at once, one makes it. */
export async function ensureCompany(
  tx: SystemTx,
  { slug, name }: { slug: string; name: string },
  at: Date,
): Promise<{ companyId: string; changes: readonly Change[] }> {
  const id = newId(at);
  const claimed = await tx
    .insertInto('company_slugs')
    .values({ slug, company_id: id })
    .onConflict((conflict) => conflict.column('slug').doNothing()) // waits for whoever else is inserting it
    .returning('company_id')
    .executeTakeFirst();
  if (claimed === undefined) {
    const existing = await tx
      .selectFrom('company_slugs')
      .select('company_id')
      .where('slug', '=', slug)
      .executeTakeFirstOrThrow();
    return { companyId: existing.company_id, changes: [] };
  }
  await enterCompany(tx, id, (company) =>
    company.insertInto('companies').values({ id, slug, name, status: 'active', created_at: at }).execute(),
  );
  return {
    companyId: id,
    changes: [{ type: 'company.created', companyId: id, subjectId: id, details: { slug, name } }],
  };
}

export async function findCompanyId(tx: SystemTx, slug: string): Promise<string | undefined> {
  const found = await tx
    .selectFrom('company_slugs')
    .select('company_id')
    .where('slug', '=', slug)
    .executeTakeFirst();
  return found?.company_id;
}

export async function readCompany(tx: CompanyTx, companyId: string): Promise<Company | undefined> {
  return await companyById(tx, companyId).executeTakeFirst();
}

/**
 * The first of all locks. Whoever changes who administers the company holds it until the transaction ends; sign-ins
 * and invitations, which only add members, do not wait for it.
 */
export async function lockCompany(tx: CompanyTx, companyId: string): Promise<Company | undefined> {
  return await companyById(tx, companyId).forNoKeyUpdate().executeTakeFirst();
}

/**
 * Whether nobody can become the first administrator any more: somebody did, or the company has or had members by
 * another way. While it is still open the company is locked, so this comes before every other lock; once it is closed
 * nothing is locked and nobody waits.
 */
export async function isFirstAdminClaimed(tx: CompanyTx, companyId: string): Promise<boolean> {
  if (await isClaimClosed(tx, companyId)) return true;
  await lockCompany(tx, companyId);
  return await isClaimClosed(tx, companyId);
}

async function isClaimClosed(tx: CompanyTx, companyId: string): Promise<boolean> {
  const open = await tx
    .selectFrom('companies')
    .select('id')
    .where('id', '=', companyId)
    .where('first_admin_claimed_at', 'is', null)
    .where((company) =>
      company.not(
        company.exists(company.selectFrom('members').select('user_id').where('company_id', '=', companyId)),
      ),
    )
    .where((company) => {
      const invitations = company.selectFrom('invitations').select('id').where('company_id', '=', companyId);
      return company.not(company.exists(invitations.where('status', '=', 'accepted')));
    })
    .executeTakeFirst();
  return open === undefined;
}

/** Makes the user the first administrator, if nobody ever was. Returns whether it happened, and what to record. */
export async function claimFirstAdmin(
  tx: CompanyTx,
  { companyId, userId }: { companyId: string; userId: string },
  at: Date,
): Promise<{ outcome: 'claimed'; changes: readonly Change[] } | { outcome: 'too_late' }> {
  const claimed = await tx
    .updateTable('companies')
    .set({ first_admin_claimed_at: at })
    .where('id', '=', companyId)
    .where('first_admin_claimed_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (claimed === undefined) return { outcome: 'too_late' };
  await tx
    .insertInto('members')
    .values({ company_id: companyId, user_id: userId, role: 'admin', joined_at: at })
    .execute();
  return {
    outcome: 'claimed',
    changes: [{ type: 'member.first_admin_claimed', companyId, subjectId: userId }],
  };
}

function companyById(tx: CompanyTx, companyId: string) {
  return tx.selectFrom('companies').select(['id', 'slug', 'name', 'status']).where('id', '=', companyId);
}
