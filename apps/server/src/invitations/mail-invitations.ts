import { noteDelivery } from '../control-plane/index.ts';
import type { Grant } from '../control-plane/index.ts';
import type { CompanyTx } from '../db/scopes.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import { AppError } from '../kernel/errors.ts';
import { queueMails } from '../mail/index.ts';
import type { MailPolicy } from '../mail/index.ts';
import { namesOfProjects, wordsForMail } from './invitations-view.ts';

export type InvitationMails = {
  readonly companyId: string;
  /** Who invites, or has it sent again. */
  readonly userId: string;
  readonly invitations: readonly { readonly id: string; readonly email: EmailAddress }[];
  readonly grants: readonly Grant[];
  readonly expiresAt: Date;
};

/** What an invitation is told to start with: its mail is queued, or there is none. */
export function firstDelivery(policy: MailPolicy): 'pending' | 'suppressed' | 'not_configured' {
  return policy.kind === 'smtp' ? 'pending' : policy.kind;
}

/**
 * Queues a mail for each of these invitations, which promise the same.
 * @throws AppError `mail_not_queued` where delivery is required and a mailbox had its share; nothing must be written then
 */
export async function mailInvitations(
  tx: CompanyTx,
  policy: MailPolicy,
  { at, ...about }: InvitationMails & { at: Date },
): Promise<void> {
  const { companyId, invitations, grants } = about;
  if (policy.kind !== 'smtp' || invitations.length === 0) return;
  const [words, promised] = await Promise.all([
    wordsForMail(tx, about),
    namesOfProjects(
      tx,
      companyId,
      grants.map(({ projectId }) => projectId),
    ),
  ]);
  const told = {
    ...words,
    grants: grants.map(({ projectId, role }) => ({ project: promised.get(projectId) ?? '', role })),
    expiresAt: about.expiresAt.toISOString(),
  };
  const mails = invitations.map(({ id, email }) => ({
    kind: 'invitation' as const,
    to: email,
    companyId,
    subjectId: id,
    facts: { ...told, invitationId: id },
  }));
  const queued = await queueMails(tx, policy, { mails, at });
  const suppressed = invitations.filter((_, place) => queued[place] === 'suppressed');
  if (suppressed.length > 0 && policy.requireDelivery) {
    const detail = `Not to ${suppressed.map(({ email }) => email).join(', ')}`;
    throw new AppError('mail_not_queued', { detail });
  }
  for (const { id: invitationId } of suppressed) {
    await noteDelivery(tx, { companyId, invitationId, status: 'suppressed', error: hadItsShare });
  }
}

const hadItsShare = 'This mailbox was sent as many mails as it gets in a day.';
