import { isInvitationOpen } from '../control-plane/index.ts';
import { findLink } from '../credential/index.ts';
import type { SystemTx } from '../db/scopes.ts';
import { enterCompany } from '../db/scopes.ts';
import { findHolderOf } from '../identity/index.ts';
import type { ClaimedMail } from '../mail/index.ts';

/** Whether a mail still tells something true: one about what is over by now would only mislead. */
export async function isStillWanted(tx: SystemTx, mail: ClaimedMail, at: Date): Promise<boolean> {
  const { content, companyId } = mail;
  if (content.kind === 'email_proof') return new Date(content.facts.expiresAt) > at;
  if (content.kind === 'registration' || content.kind === 'password_reset') {
    const { kind, facts } = content;
    const link = await findLink(tx, { id: facts.linkId, kind }, at);
    if (link === undefined || kind === 'registration') return link !== undefined;
    // Whoever asked was told nothing; only here is it looked at whether there is an account.
    return (await findHolderOf(tx, link.address))?.status === 'active';
  }
  if (content.kind !== 'invitation' || companyId === null) return true;
  const { invitationId } = content.facts;
  return await enterCompany(tx, companyId, (inside) =>
    isInvitationOpen(inside, { companyId, invitationId, at }),
  );
}
