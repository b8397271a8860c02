import { recordEvent } from '../audit/index.ts';
import { actInCompany, changeRole, removeMember } from '../control-plane/index.ts';
import type { Caller, CompanyRole, Page } from '../control-plane/index.ts';
import type { Database } from '../db/scopes.ts';
import type { Clock } from '../kernel/clock.ts';
import { findMember, listMembers } from './members-view.ts';
import type { MemberItem, MemberPageRequest } from './members-view.ts';

export type MembersDeps = { readonly db: Database; readonly clock: Clock };

type InCompany = { readonly caller: Caller; readonly slug: string };

/** Any member sees who else is in the company. */
export async function readMembers(
  deps: MembersDeps,
  { page, ...who }: InCompany & { page: MemberPageRequest },
): Promise<Page<MemberItem>> {
  return await actInCompany(
    { ...deps, record: recordEvent },
    { ...who, action: 'members.read' },
    async (tx, { companyId, role }) => ({
      outcome: 'done',
      answer: await listMembers(tx, { companyId, role, userId: who.caller.userId }, page),
    }),
  );
}

/** @throws AppError `last_admin`, `not_found`, or what `actInCompany` throws */
export async function changeMemberRole(
  deps: MembersDeps,
  { userId, role, ...who }: InCompany & { userId: string; role: CompanyRole },
): Promise<MemberItem> {
  return await actInCompany(
    { ...deps, record: recordEvent },
    { ...who, action: 'members.change', target: userId },
    async (tx, { companyId }) => {
      const changed = await changeRole(tx, { companyId, userId }, role);
      if (changed.outcome === 'refused') return changed;
      const member = await findMember(tx, { companyId, userId });
      return member === undefined
        ? { outcome: 'refused', reason: 'not_found' }
        : { ...changed, answer: member };
    },
  );
}

/** @throws AppError `last_admin`, `not_found`, or what `actInCompany` throws */
export async function removeFromCompany(
  deps: MembersDeps,
  { userId, ...who }: InCompany & { userId: string },
): Promise<void> {
  await actInCompany(
    { ...deps, record: recordEvent },
    { ...who, action: 'members.change', target: userId },
    (tx, { companyId }) => removeMember(tx, { companyId, userId }),
  );
}
