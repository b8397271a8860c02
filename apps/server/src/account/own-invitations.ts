import { recordEvent } from '../audit/index.ts';
import { acceptInvitation, withdrawInvitation } from '../control-plane/index.ts';
import type { Acted, Caller } from '../control-plane/index.ts';
import type { CompanyTx, Database } from '../db/scopes.ts';
import { enterCompany, inSystem } from '../db/scopes.ts';
import type { Clock } from '../kernel/clock.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import { AppError } from '../kernel/errors.ts';
import { findOwnInvitation, holdOwnAddresses } from './own-invitation-view.ts';

export type AccountDeps = { readonly db: Database; readonly clock: Clock };

type Asked = { readonly caller: Caller; readonly invitationId: string };
type Decide = (
  tx: CompanyTx,
  invitation: { companyId: string; addresses: readonly EmailAddress[] },
  at: Date,
) => Promise<Acted<undefined>>;

/** @throws AppError `invitation_accepted`, `invitation_revoked`, `invitation_expired`, `not_found` */
export async function acceptOwnInvitation(deps: AccountDeps, asked: Asked): Promise<void> {
  const { invitationId, caller } = asked;
  await decideOwnInvitation(deps, asked, (tx, { companyId, addresses }, at) =>
    acceptInvitation(tx, { companyId, invitationId, userId: caller.userId, addresses }, at),
  );
}

/** Declining twice is declining once. @throws AppError `invitation_accepted`, `invitation_expired`, `not_found` */
export async function declineOwnInvitation(deps: AccountDeps, asked: Asked): Promise<void> {
  const { invitationId } = asked;
  await decideOwnInvitation(deps, asked, (tx, { companyId }, at) =>
    withdrawInvitation(tx, { companyId, invitationId, type: 'invitation.declined' }, at),
  );
}

async function decideOwnInvitation(
  { db, clock }: AccountDeps,
  { caller, invitationId }: Asked,
  decide: Decide,
): Promise<void> {
  const at = clock.now();
  const { userId, companyId, origin } = caller;
  const decided = await inSystem(db, async (tx): Promise<Acted<undefined>> => {
    const addresses = await holdOwnAddresses(tx, userId);
    const invitation = await findOwnInvitation(tx, { userId, companyId, invitationId });
    if (invitation === undefined) return { outcome: 'refused', reason: 'not_found' };
    const result = await enterCompany(tx, invitation.companyId, (company) =>
      decide(company, { ...invitation, addresses }, at),
    );
    for (const change of result.changes ?? [])
      await recordEvent(tx, { ...change, actor: { kind: 'user', userId }, origin }, at);
    return result;
  });
  if (decided.outcome === 'refused') throw new AppError(decided.reason);
}
