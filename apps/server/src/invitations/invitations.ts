import { recordEvent } from '../audit/index.ts';
import {
  actInCompany,
  createInvitations,
  renewInvitation,
  resolveGrants,
  unknownGrant,
  withdrawInvitation,
} from '../control-plane/index.ts';
import type { Acted, Caller, Change, NamedGrant, Page } from '../control-plane/index.ts';
import type { CompanyTx, Database } from '../db/scopes.ts';
import { after, dayMs } from '../kernel/clock.ts';
import type { Clock } from '../kernel/clock.ts';
import { parseEmailAddress } from '../kernel/email-address.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import type { MailPolicy } from '../mail/index.ts';
import { addressesOfMembers, findInvitations, listInvitations } from './invitations-view.ts';
import type { InvitationItem, InvitationPageRequest } from './invitations-view.ts';
import { firstDelivery, mailInvitations } from './mail-invitations.ts';

export type InvitationsDeps = {
  readonly db: Database;
  readonly clock: Clock;
  /** How long an invitation may be accepted. */
  readonly ttlDays: number;
  readonly mailPolicy: MailPolicy;
};

type InCompany = { readonly caller: Caller; readonly slug: string };

export async function readInvitations(
  { db, clock }: InvitationsDeps,
  { page, ...who }: InCompany & { page: InvitationPageRequest },
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
  readonly grants: readonly NamedGrant[];
};

/**
 * Invites people as plain members. Each address has an outcome of its own; who is known elsewhere is not told.
 * @throws AppError `request_invalid` where a grant names no project of the company, or one twice; `mail_not_queued`
 */
export async function invite(
  { db, clock, ttlDays, mailPolicy }: InvitationsDeps,
  { inviting, ...who }: InCompany & { inviting: Inviting },
): Promise<readonly Invited[]> {
  const request = { ...who, action: 'invitations.change' } as const;
  return await actInCompany({ db, clock, record: recordEvent }, request, async (tx, { companyId, at }) => {
    const grants = await resolveGrants(tx, companyId, inviting.grants);
    if (grants === undefined) return unknownGrant;
    const typed = inviting.emails.map((email) => ({ email, address: parseEmailAddress(email) }));
    const addresses = typed.flatMap(({ address }) => address ?? []);
    const members = await addressesOfMembers(tx, companyId, addresses);
    const expiresAt = after(at, ttlDays * dayMs);
    const { made, changes } = await createInvitations(
      tx,
      {
        companyId,
        addresses: addresses.filter((address) => !members.has(address)),
        role: 'user',
        grants,
        invitedBy: who.caller.userId,
        expiresAt,
        deliveryStatus: firstDelivery(mailPolicy),
      },
      at,
    );
    const invitations = made.filter(({ isNew }) => isNew);
    const { userId } = who.caller;
    await mailInvitations(tx, mailPolicy, { companyId, userId, invitations, grants, expiresAt, at });
    const ids = made.map(({ id }) => id);
    const shown = await findInvitations(tx, { companyId, at }, ids);
    return { outcome: 'done', answer: tellApart({ typed, members, made, shown }), changes };
  });
}

type Told = {
  readonly typed: readonly { readonly email: string; readonly address: EmailAddress | undefined }[];
  readonly members: ReadonlySet<EmailAddress>;
  readonly made: readonly { readonly id: string; readonly email: EmailAddress; readonly isNew: boolean }[];
  readonly shown: ReadonlyMap<string, InvitationItem>;
};

/** What became of each address, as it was typed. */
function tellApart({ typed, members, made, shown }: Told): Invited[] {
  const idOf = new Map(made.map(({ id, email }) => [email, id]));
  const fresh = new Set(made.filter(({ isNew }) => isNew).map(({ email }) => email));
  return typed.map(({ email, address }): Invited => {
    if (address === undefined) return { email, outcome: 'email_invalid' };
    if (members.has(address)) return { email, outcome: 'already_member' };
    const invitation = shown.get(idOf.get(address) ?? '');
    const outcome = fresh.delete(address) ? 'invited' : 'already_pending'; // the second of two that mean the same address
    return { email, outcome, ...(invitation && { invitation }) };
  });
}

/**
 * Gives a pending invitation its whole time again, and sends its mail once more.
 * @throws AppError `invitation_accepted`, `invitation_revoked`, `invitation_expired`, `not_found`, `mail_not_queued`
 */
export async function resendInvitation(
  { db, clock, ttlDays, mailPolicy }: InvitationsDeps,
  { invitationId, ...who }: InCompany & { invitationId: string },
): Promise<InvitationItem> {
  const request = { ...who, action: 'invitations.change', target: invitationId } as const;
  return await actInCompany({ db, clock, record: recordEvent }, request, async (tx, { companyId, at }) => {
    const expiresAt = after(at, ttlDays * dayMs);
    const renewal = { companyId, invitationId, expiresAt, deliveryStatus: firstDelivery(mailPolicy) };
    const renewed = await renewInvitation(tx, renewal, at);
    if (renewed.outcome === 'refused') return renewed;
    const { email, grants } = renewed.answer;
    const invitations = [{ id: invitationId, email }];
    const { userId } = who.caller;
    await mailInvitations(tx, mailPolicy, { companyId, userId, invitations, grants, expiresAt, at });
    return await answerWith(tx, { companyId, at, invitationId }, renewed);
  });
}

/** @throws AppError `invitation_accepted`, `invitation_expired`, `not_found`, or what `actInCompany` throws */
export async function revokeInvitation(
  { db, clock }: InvitationsDeps,
  { invitationId, ...who }: InCompany & { invitationId: string },
): Promise<InvitationItem> {
  const request = { ...who, action: 'invitations.change', target: invitationId } as const;
  return await actInCompany({ db, clock, record: recordEvent }, request, async (tx, { companyId, at }) => {
    const revoked = await withdrawInvitation(tx, { companyId, invitationId, type: 'invitation.revoked' }, at);
    if (revoked.outcome === 'refused') return revoked;
    return await answerWith(tx, { companyId, at, invitationId }, revoked);
  });
}

/** The invitation as it is now, with what was changed. */
async function answerWith(
  tx: CompanyTx,
  { invitationId, ...place }: { companyId: string; at: Date; invitationId: string },
  { changes = [] }: { changes?: readonly Change[] },
): Promise<Acted<InvitationItem>> {
  const invitation = (await findInvitations(tx, place, [invitationId])).get(invitationId);
  return invitation === undefined
    ? { outcome: 'refused', reason: 'not_found' }
    : { outcome: 'done', answer: invitation, changes };
}
