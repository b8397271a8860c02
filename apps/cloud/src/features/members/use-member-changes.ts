import type { CompanyRole, Member } from '@gatehouse/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { removeMember, setProjectRole, setRole } from '../../lib/company-changes.ts';
import { membersKey, patchLists, withGrant } from '../../lib/company-queries.ts';
import { meQuery } from '../../lib/queries.ts';
import type { BulkWish } from './bulk-wish.ts';

/** What can be done with members, and the page put right after each. */
export function useMemberChanges(slug: string, ownId: string) {
  const queries = useQueryClient();
  const patch = (userId: string, change: (member: Member) => Member | undefined) => {
    patchLists<Member>(queries, membersKey(slug), (member) =>
      member.userId === userId ? change(member) : member,
    );
  };
  const readOwnAnew = async (userId: string) => {
    if (userId === ownId) await queries.invalidateQueries({ queryKey: meQuery.queryKey });
  };
  return {
    show: (userId: string, role: CompanyRole) => {
      patch(userId, (member) => ({ ...member, role }));
    },
    setRole: async ({ userId }: Member, role: CompanyRole) => {
      const changed = await setRole(slug, userId, role);
      patch(userId, (member) => ({ ...member, role: changed.role }));
      await readOwnAnew(userId);
    },
    remove: async ({ userId }: Member) => {
      await removeMember(slug, userId);
      patch(userId, () => undefined);
      await readOwnAnew(userId);
    },
    carryOut: async ({ userId }: Member, wish: BulkWish) => {
      const change = await carryOut({ slug, userId }, wish);
      patch(userId, change);
    },
    readOwnAnew,
    ownId,
  };
}

/** Does what is wished, and says how the member is changed on the page by it. */
async function carryOut({ slug, userId }: { slug: string; userId: string }, wish: BulkWish) {
  if (wish.kind === 'role') {
    const { role } = await setRole(slug, userId, wish.role);
    return (member: Member) => ({ ...member, role });
  }
  if (wish.kind === 'remove') {
    await removeMember(slug, userId);
    return () => undefined;
  }
  await setProjectRole({ slug, project: wish.project, userId }, wish.role);
  return (member: Member) => ({ ...member, projects: withGrant(member.projects, wish.project, wish.role) });
}

export type MemberChanges = ReturnType<typeof useMemberChanges>;

/** A change of role that is on the page at once, and taken back where it is refused. */
export function useRoleChange(
  member: Member,
  changes: MemberChanges,
  onChanged: (role: CompanyRole) => void,
) {
  return useMutation({
    mutationFn: (role: CompanyRole) => changes.setRole(member, role),
    onMutate: (role) => {
      const before = member.role;
      changes.show(member.userId, role);
      return before;
    },
    onSuccess: (_done, role) => {
      onChanged(role);
    },
    onError: (_error, _role, before) => {
      if (before) changes.show(member.userId, before);
    },
  });
}
