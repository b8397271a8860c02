import { recordEvent } from '../audit/index.ts';
import { actInCompany, changeRole, removeMember } from '../control-plane/index.ts';
import type { Caller, CompanyRole, Page, RecordChange } from '../control-plane/index.ts';
import type { Database } from '../db/scopes.ts';
import type { Clock } from '../kernel/clock.ts';
import { endSessionsOf } from '../session/index.ts';
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

/**
 * Access tokens say for minutes what was true when they were made, so with a membership its person's token pairs end: they
 * sign in again where they are still somebody. A cookie says nothing, and stays.
 */
const recordRemoval: RecordChange = async (tx, event, at) => {
  await recordEvent(tx, event, at);
  const { type, result, subjectId: userId, actor, origin, reference } = event;
  if (type !== 'member.removed' || result === 'refused' || userId === undefined) return;
  const during = { because: 'revoked', limits: { ttlMs: Infinity }, now: at, currentId: null } as const;
  const ended = await endSessionsOf(tx, { userId, butFor: null, kind: 'tokens' }, during);
  const by = { actor, origin, ...(reference && { reference }) };
  for (const subjectId of ended)
    await recordEvent(tx, { type: 'session.ended', reason: 'revoked', subjectId, ...by }, at);
};

/** @throws AppError `last_admin`, `not_found`, or what `actInCompany` throws */
export async function removeFromCompany(
  deps: MembersDeps,
  { userId, ...who }: InCompany & { userId: string },
): Promise<void> {
  await actInCompany(
    { ...deps, record: recordRemoval },
    { ...who, action: 'members.change', target: userId },
    (tx, { companyId }) => removeMember(tx, { companyId, userId }),
  );
}
