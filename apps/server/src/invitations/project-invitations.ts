import { recordEvent } from '../audit/index.ts';
import {
  actOnProject,
  addGrant,
  createInvitations,
  holdPendingInvitation,
  setProjectRole,
} from '../control-plane/index.ts';
import type { Acted, Caller, Change, Project, ProjectRole } from '../control-plane/index.ts';
import type { CompanyTx } from '../db/scopes.ts';
import { after, dayMs } from '../kernel/clock.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import { parseEmailAddress } from '../kernel/email-address.ts';
import { AppError } from '../kernel/errors.ts';
import { queueMails } from '../mail/index.ts';
import type { MailPolicy } from '../mail/index.ts';
import { findInvitations, wordsForMail } from './invitations-view.ts';
import type { InvitationItem } from './invitations-view.ts';
import type { InvitationsDeps } from './invitations.ts';
import { firstDelivery, mailInvitations } from './mail-invitations.ts';
import { describeMember, memberByAddress } from './project-invitations-view.ts';
import type { ProjectMemberItem } from './project-invitations-view.ts';

export type InvitedToProject =
  | { readonly outcome: 'membership_created'; readonly member: ProjectMemberItem }
  | { readonly outcome: 'invitation_pending'; readonly invitation: InvitationItem };

type Inviting = {
  readonly caller: Caller;
  readonly slug: string;
  readonly project: string;
  readonly email: string;
  readonly role: ProjectRole;
};

/**
 * Brings somebody into a project: a member of the company has the role at once, anybody else once they accept. Who is
 * known elsewhere is not told.
 * @throws AppError `email_invalid`, `mail_not_queued`, `forbidden` for a disabled project, or what `actOnProject` throws
 */
export async function inviteToProject(
  { db, clock, ttlDays, mailPolicy }: InvitationsDeps,
  { email, role, ...who }: Inviting,
): Promise<InvitedToProject> {
  const request = { ...who, action: 'project_invitations.change' } as const;
  return await actOnProject({ db, clock, record: recordEvent }, request, async (tx, standing) => {
    const { project, at } = standing;
    if (project.status === 'disabled') {
      return { outcome: 'refused', reason: 'forbidden', detail: 'The project is disabled.' };
    }
    const address = parseEmailAddress(email);
    if (address === undefined) return { outcome: 'refused', reason: 'email_invalid' };
    const offer = {
      companyId: standing.companyId,
      from: who.caller.userId,
      project,
      address,
      role,
      at,
      expiresAt: after(at, ttlDays * dayMs),
      deliveryStatus: firstDelivery(mailPolicy),
    };
    const settled = await settle(tx, offer);
    await tellThem(tx, mailPolicy, { offer, settled });
    return await answerOf(tx, { offer, settled, isToldAll: standing.role === 'admin' });
  });
}

type Offer = {
  readonly companyId: string;
  /** Who invites. */
  readonly from: string;
  readonly project: Project;
  readonly address: EmailAddress;
  readonly role: ProjectRole;
  readonly at: Date;
  readonly expiresAt: Date;
  readonly deliveryStatus: ReturnType<typeof firstDelivery>;
};

type Settled = { readonly changes: readonly Change[] } & (
  | { readonly with: 'member'; readonly userId: string }
  | { readonly with: 'invitation'; readonly invitationId: string }
);

/** Each further turn follows something that somebody else committed meanwhile. */
async function settle(tx: CompanyTx, offer: Offer): Promise<Settled> {
  const { companyId, project, address, role, from, at, expiresAt, deliveryStatus } = offer;
  const grant = { projectId: project.id, role };
  for (;;) {
    // First, for whoever is just accepting it is a member afterwards.
    const invitationId = await holdPendingInvitation(tx, { companyId, address }, at);
    const userId = await memberByAddress(tx, companyId, address);
    if (userId !== undefined) {
      const given = await setProjectRole(tx, { companyId, projectId: project.id, userId }, role);
      if (given.outcome === 'done') return { with: 'member', userId, changes: given.changes ?? [] };
      continue; // and has left
    }
    if (invitationId !== undefined) {
      const changes = await addGrant(tx, { companyId, invitationId, email: address, grant });
      return { with: 'invitation', invitationId, changes };
    }
    const wanted = {
      companyId,
      addresses: [address],
      role: 'user',
      grants: [grant],
      invitedBy: from,
      expiresAt,
      deliveryStatus,
    } as const;
    const { made, changes } = await createInvitations(tx, wanted, at);
    const fresh = made.find(({ isNew }) => isNew);
    if (fresh !== undefined) return { with: 'invitation', invitationId: fresh.id, changes };
  }
}

/** @throws AppError `mail_not_queued` where the mail has to go out and cannot; then nothing is written */
async function tellThem(
  tx: CompanyTx,
  policy: MailPolicy,
  { offer, settled }: { offer: Offer; settled: Settled },
): Promise<void> {
  if (settled.changes.length === 0) return; // they have, or were promised, as much already
  const { companyId, project, role, address, from, expiresAt, at } = offer;
  if (settled.with === 'invitation') {
    const invitations = [{ id: settled.invitationId, email: address }];
    const grants = [{ projectId: project.id, role }];
    await mailInvitations(tx, policy, { companyId, userId: from, invitations, grants, expiresAt, at });
    return;
  }
  const { company, inviter } = await wordsForMail(tx, { companyId, userId: from });
  const facts = { company, inviter, project: project.name, role };
  const mail = { kind: 'project_access', to: address, companyId, facts } as const;
  const [queued] = await queueMails(tx, policy, { mails: [mail], at });
  if (queued === 'suppressed' && policy.kind === 'smtp' && policy.requireDelivery) {
    throw new AppError('mail_not_queued');
  }
}

type Answering = {
  readonly offer: Offer;
  readonly settled: Settled;
  /** Administrators of a project alone do not learn what else an invitation promises. */
  readonly isToldAll: boolean;
};

async function answerOf(
  tx: CompanyTx,
  { offer, settled, isToldAll }: Answering,
): Promise<Acted<InvitedToProject>> {
  const { companyId, project, role, at } = offer;
  const { changes } = settled;
  if (settled.with === 'member') {
    const member = await describeMember(tx, { companyId, userId: settled.userId, role });
    if (member === undefined) return { outcome: 'refused', reason: 'not_found' };
    return { outcome: 'done', answer: { outcome: 'membership_created', member }, changes };
  }
  const { invitationId } = settled;
  const found = (await findInvitations(tx, { companyId, at }, [invitationId])).get(invitationId);
  if (found === undefined) return { outcome: 'refused', reason: 'not_found' };
  const grants = found.grants.filter((grant) => isToldAll || grant.project === project.slug);
  return {
    outcome: 'done',
    answer: { outcome: 'invitation_pending', invitation: { ...found, grants } },
    changes,
  };
}
