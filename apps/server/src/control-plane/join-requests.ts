import type { CompanyTx } from '../db/scopes.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import { newId } from '../kernel/ids.ts';
import type { Acted, Change } from './change.ts';
import { readCompany } from './companies.ts';
import { readRole } from './members.ts';
import { applyGrants } from './project-members.ts';
import type { Grant } from './project-members.ts';

export type Asking = {
  readonly companyId: string;
  readonly userId: string;
  readonly displayName: string;
  /** A verified address, if the person has one. */
  readonly email: EmailAddress | undefined;
};

/** Asks to become a member. Who is one, or has asked and waits, changes nothing by asking again. */
export async function askToJoin(
  tx: CompanyTx,
  { companyId, userId, displayName, email }: Asking,
  at: Date,
): Promise<readonly Change[]> {
  const company = await readCompany(tx, companyId);
  if (company?.status !== 'active' || (await readRole(tx, { companyId, userId })) !== undefined) return [];
  const id = newId(at);
  const asked = await tx
    .insertInto('join_requests')
    .values({
      company_id: companyId,
      id,
      user_id: userId,
      display_name: displayName,
      email: email ?? null,
      status: 'pending',
      created_at: at,
    })
    .onConflict((conflict) =>
      conflict.columns(['company_id', 'user_id']).where('status', '=', 'pending').doNothing(),
    )
    .returning('id')
    .executeTakeFirst();
  if (asked === undefined) return [];
  return [
    { type: 'join_request.created', companyId, subjectId: id, details: { user: userId, name: displayName } },
  ];
}

export type Decision = {
  readonly companyId: string;
  readonly requestId: string;
  readonly decidedBy: string;
} & ({ readonly decides: 'declined' } | { readonly decides: 'approved'; readonly grants: readonly Grant[] });

type Decided = { readonly userId: string; readonly email: EmailAddress | null };

/** Decides a request that waits: one conditional write, so that of two admins one decides. Approval makes a member. */
export async function decideJoinRequest(
  tx: CompanyTx,
  { companyId, requestId, decidedBy, ...decision }: Decision,
  at: Date,
): Promise<Acted<Decided>> {
  const { decides: status } = decision;
  const decided = await tx
    .updateTable('join_requests')
    .set({ status, decided_at: at, decided_by: decidedBy })
    .where('company_id', '=', companyId)
    .where('id', '=', requestId)
    .where('status', '=', 'pending')
    .returning(['user_id as userId', 'email'])
    .executeTakeFirst();
  if (decided === undefined)
    return { outcome: 'refused', reason: await whyNotDecided(tx, companyId, requestId) };
  const { userId } = decided;
  const change = { companyId, subjectId: requestId, details: { user: userId } } as const;
  if (decision.decides === 'declined') {
    return { outcome: 'done', answer: decided, changes: [{ type: 'join_request.declined', ...change }] };
  }
  const joined = await admit(tx, { companyId, userId, grants: decision.grants }, at);
  return {
    outcome: 'done',
    answer: decided,
    changes: [{ type: 'join_request.approved', ...change }, ...joined],
  };
}

async function admit(
  tx: CompanyTx,
  { companyId, userId, grants }: { companyId: string; userId: string; grants: readonly Grant[] },
  at: Date,
): Promise<Change[]> {
  await tx
    .insertInto('members')
    .values({ company_id: companyId, user_id: userId, role: 'user', joined_at: at })
    .onConflict((conflict) => conflict.columns(['company_id', 'user_id']).doNothing())
    .execute();
  const failed = await applyGrants(tx, { companyId, userId }, grants);
  const given = grants.map((grant) => ({
    ...grant,
    status: failed.has(grant.projectId) ? 'failed' : 'applied',
  }));
  return [{ type: 'member.joined', companyId, subjectId: userId, details: { grants: given } }];
}

async function whyNotDecided(
  tx: CompanyTx,
  companyId: string,
  requestId: string,
): Promise<'not_found' | 'join_request_decided'> {
  const found = await tx
    .selectFrom('join_requests')
    .select('id')
    .where('company_id', '=', companyId)
    .where('id', '=', requestId)
    .executeTakeFirst();
  return found === undefined ? 'not_found' : 'join_request_decided';
}
