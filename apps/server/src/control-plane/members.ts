import type { CompanyTx, PersonTx } from '../db/scopes.ts';
import type { Acted } from './change.ts';
import type { CompanyRole } from './decide-permission.ts';

export type MemberKey = { readonly companyId: string; readonly userId: string };

/** The person's role in the company; undefined where there is none. Nothing is locked. */
export async function readRole(tx: CompanyTx, key: MemberKey): Promise<CompanyRole | undefined> {
  const member = await memberByKey(tx, key).executeTakeFirst();
  return member?.role;
}

/** The same; it cannot be taken away or changed before the transaction ends. */
export async function holdRole(tx: CompanyTx, key: MemberKey): Promise<CompanyRole | undefined> {
  const member = await memberByKey(tx, key).forShare().executeTakeFirst();
  return member?.role;
}

/** Whether the person is a member; they remain one until the transaction ends, though the role may change. */
export async function holdMembership(tx: CompanyTx, key: MemberKey): Promise<boolean> {
  // What the foreign keys to a member take anyway. It waits for a removal only, so it may come after a project's lock.
  return (await memberByKey(tx, key).forKeyShare().executeTakeFirst()) !== undefined;
}

/** In how many companies the person is a member, whatever the state of the company. */
export async function countMemberships(tx: PersonTx, userId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('members')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Returns the former role. The caller holds the company's lock, so that two cannot step down past each other. */
export async function changeRole(
  tx: CompanyTx,
  key: MemberKey,
  role: CompanyRole,
): Promise<Acted<CompanyRole>> {
  const { companyId, userId: subjectId } = key;
  const member = await memberByKey(tx, key).forNoKeyUpdate().executeTakeFirst();
  if (member === undefined) return { outcome: 'refused', reason: 'not_found' };
  const from = member.role;
  if (from === role) return { outcome: 'done', answer: from };
  const change = { type: 'member.role_changed', companyId, subjectId, details: { from, to: role } } as const;
  if (from === 'admin' && (await isOnlyAdmin(tx, key))) {
    return {
      outcome: 'refused',
      reason: 'last_admin',
      changes: [{ ...change, result: 'refused', reason: 'last_admin' }],
    };
  }
  await tx
    .updateTable('members')
    .set({ role })
    .where('company_id', '=', key.companyId)
    .where('user_id', '=', key.userId)
    .execute();
  return { outcome: 'done', answer: from, changes: [change] };
}

/** Takes the person out of the company and, with it, out of all its projects. The caller holds the company's lock. */
export async function removeMember(tx: CompanyTx, key: MemberKey): Promise<Acted<undefined>> {
  const { companyId, userId: subjectId } = key;
  const member = await memberByKey(tx, key).forUpdate().executeTakeFirst();
  if (member === undefined) return { outcome: 'refused', reason: 'not_found' };
  const change = { type: 'member.removed', companyId, subjectId, details: { role: member.role } } as const;
  if (member.role === 'admin' && (await isOnlyAdmin(tx, key))) {
    return {
      outcome: 'refused',
      reason: 'last_admin',
      changes: [{ ...change, result: 'refused', reason: 'last_admin' }],
    };
  }
  await tx
    .deleteFrom('members')
    .where('company_id', '=', key.companyId)
    .where('user_id', '=', key.userId)
    .execute();
  return { outcome: 'done', answer: undefined, changes: [change] };
}

async function isOnlyAdmin(tx: CompanyTx, { companyId, userId }: MemberKey): Promise<boolean> {
  const other = await tx
    .selectFrom('members')
    .select('user_id')
    .where('company_id', '=', companyId)
    .where('role', '=', 'admin')
    .where('user_id', '!=', userId)
    .limit(1)
    .executeTakeFirst();
  return other === undefined;
}

function memberByKey(tx: CompanyTx, { companyId, userId }: MemberKey) {
  return tx
    .selectFrom('members')
    .select('role')
    .where('company_id', '=', companyId)
    .where('user_id', '=', userId);
}
