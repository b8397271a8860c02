import { recordEvent } from '../audit/index.ts';
import { actInCompany, createInvitations, withdrawInvitation } from '../control-plane/index.ts';
import type { Caller, Grant, Page, PageRequest, ProjectRole, Refusal } from '../control-plane/index.ts';
import type { CompanyTx, Database } from '../db/scopes.ts';
import { after, dayMs } from '../kernel/clock.ts';
import type { Clock } from '../kernel/clock.ts';
import { parseEmailAddress } from '../kernel/email-address.ts';
import { addressesOfMembers, findInvitations, listInvitations, projectIds } from './invitations-view.ts';
import type { InvitationItem } from './invitations-view.ts';

export type InvitationsDeps = {
  readonly db: Database;
  readonly clock: Clock;
  /** How long an invitation may be accepted. */
  readonly ttlDays: number;
};

type InCompany = { readonly caller: Caller; readonly slug: string };

export async function readInvitations(
  { db, clock }: InvitationsDeps,
  { page, ...who }: InCompany & { page: PageRequest },
): Promise<Page<InvitationItem>> {
  const request = { ...who, action: 'invitations.read' } as const;
  return await actInCompany({ db, clock, record: recordEvent }, request, async (tx, standing) => ({
    outcome: 'done',
    answer: await listInvitations(tx, standing, page),
  }));
}

export type Invited = {
  /** As it was typed. */
  readonly email: string;
  readonly outcome: 'invited' | 'already_pending' | 'already_member' | 'email_invalid';
  readonly invitation?: InvitationItem;
};

export type Inviting = {
  readonly emails: readonly string[];
  readonly grants: readonly { readonly project: string; readonly role: ProjectRole }[];
};

/**
 * Invites people as plain members. Each address has an outcome of its own; who is known elsewhere is not told.
 * @throws AppError `request_invalid` where a grant names no project of the company, or one twice
 */
export async function invite(
  { db, clock, ttlDays }: InvitationsDeps,
  { inviting, ...who }: InCompany & { inviting: Inviting },
): Promise<readonly Invited[]> {
  const request = { ...who, action: 'invitations.change' } as const;
  return await actInCompany({ db, clock, record: recordEvent }, request, async (tx, standing) => {
    const { companyId, at } = standing;
    const grants = await resolveGrants(tx, companyId, inviting.grants);
    if (grants === undefined) return unknownGrant;
    const typed = inviting.emails.map((email) => ({ email, address: parseEmailAddress(email) }));
    const addresses = typed.flatMap(({ address }) => address ?? []);
    const members = await addressesOfMembers(tx, companyId, addresses);
    const invitees = addresses.filter((address) => !members.has(address));
    const expiresAt = after(at, ttlDays * dayMs);
    const invitations = {
      companyId,
      addresses: invitees,
      role: 'user',
      grants,
      invitedBy: who.caller.userId,
      expiresAt,
    } as const;
    const { made, changes } = await createInvitations(tx, invitations, at);
    const shown = await findInvitations(
      tx,
      standing,
      made.map(({ id }) => id),
    );
    const fresh = new Set(made.filter(({ isNew }) => isNew).map(({ email }) => email));
    const answer = typed.map(({ email, address }): Invited => {
      if (address === undefined) return { email, outcome: 'email_invalid' };
      if (members.has(address)) return { email, outcome: 'already_member' };
      const invitation = shown.get(made.find((one) => one.email === address)?.id ?? '');
      const outcome = fresh.delete(address) ? 'invited' : 'already_pending'; // the second of two that mean the same address
      return { email, outcome, ...(invitation && { invitation }) };
    });
    return { outcome: 'done', answer, changes };
  });
}

/** @throws AppError `invitation_accepted`, `invitation_expired`, `not_found`, or what `actInCompany` throws */
export async function revokeInvitation(
  { db, clock }: InvitationsDeps,
  { invitationId, ...who }: InCompany & { invitationId: string },
): Promise<InvitationItem> {
  const request = { ...who, action: 'invitations.change', target: invitationId } as const;
  return await actInCompany({ db, clock, record: recordEvent }, request, async (tx, standing) => {
    const { companyId, at } = standing;
    const revoked = await withdrawInvitation(tx, { companyId, invitationId, type: 'invitation.revoked' }, at);
    if (revoked.outcome === 'refused') return revoked;
    const invitation = (await findInvitations(tx, standing, [invitationId])).get(invitationId);
    return invitation === undefined
      ? { outcome: 'refused', reason: 'not_found' }
      : { ...revoked, answer: invitation };
  });
}

const unknownGrant: Refusal = {
  outcome: 'refused',
  reason: 'request_invalid',
  detail: 'grants: a project that the company does not have, or that is named twice',
};

async function resolveGrants(
  tx: CompanyTx,
  companyId: string,
  grants: Inviting['grants'],
): Promise<Grant[] | undefined> {
  const ids = await projectIds(
    tx,
    companyId,
    grants.map(({ project }) => project),
  );
  if (ids.size !== grants.length) return undefined;
  return grants.flatMap(({ project, role }) => {
    const projectId = ids.get(project);
    return projectId === undefined ? [] : { projectId, role };
  });
}
