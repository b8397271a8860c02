import { recordEvent } from '../audit/index.ts';
import type { AuditEvent } from '../audit/index.ts';
import { acceptInvitation, withdrawInvitation } from '../control-plane/index.ts';
import type { Acted, Caller, Change } from '../control-plane/index.ts';
import type { CompanyTx, Database, SystemTx } from '../db/scopes.ts';
import { enterCompany, inSystem } from '../db/scopes.ts';
import type { Clock } from '../kernel/clock.ts';
import type { EmailAddress } from '../kernel/email-address.ts';
import { AppError } from '../kernel/errors.ts';
import { findOwnInvitation, holdOwnAddresses } from './own-invitation-view.ts';

export type AccountDeps = { readonly db: Database; readonly clock: Clock };

type Asked = {
  readonly caller: Caller;
  readonly invitationId: string;
  /** Gives the asking session another id and token, once its person may do more. None where nobody signs in. */
  readonly renew?: RenewSession | undefined;
};

/** The session that took the asking one's place, and the token that its browser holds from now on, where it is another. */
export type Renewed = {
  readonly session: { readonly id: string; readonly expiresAt: Date };
  readonly token: string | undefined;
};

/** None where another call at the same moment has renewed it. @throws AppError `unauthenticated` where it is over */
export type RenewSession = (tx: SystemTx, by: By, now: Date) => Promise<Renewed | undefined>;
type By = Pick<AuditEvent, 'actor' | 'origin' | 'reference'>;

type Decide = (
  tx: CompanyTx,
  invitation: { companyId: string; addresses: readonly EmailAddress[] },
  at: Date,
) => Promise<Acted<undefined>>;

/**
 * Answers the session that goes on from here. None where another acceptance at the same moment has rotated it.
 * @throws AppError `invitation_accepted`, `invitation_revoked`, `invitation_expired`, `not_found`, `unauthenticated`
 */
export async function acceptOwnInvitation(deps: AccountDeps, asked: Asked): Promise<Renewed | undefined> {
  const { invitationId, caller } = asked;
  return await decideOwnInvitation(deps, asked, (tx, { companyId, addresses }, at) =>
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
  { caller, invitationId, renew }: Asked,
  decide: Decide,
): Promise<Renewed | undefined> {
  const at = clock.now();
  const { userId, companyId, origin, reference } = caller;
  const by = { actor: { kind: 'user', userId }, origin, ...(reference && { reference }) } as const;
  const decided = await inSystem(db, async (tx): Promise<Acted<Renewed | undefined>> => {
    const addresses = await holdOwnAddresses(tx, userId);
    const invitation = await findOwnInvitation(tx, { userId, companyId, invitationId });
    const result: Acted<undefined> =
      invitation === undefined
        ? { outcome: 'refused', reason: 'not_found' }
        : await enterCompany(tx, invitation.companyId, (company) =>
            decide(company, { ...invitation, addresses }, at),
          );
    const found = { subjectId: invitationId, ...(invitation && { companyId: invitation.companyId }) };
    for (const change of changesOf(result, found)) await recordEvent(tx, { ...change, ...by }, at);
    if (result.outcome === 'refused' || renew === undefined) return result;
    return { outcome: 'done', answer: await renew(tx, by, at) };
  });
  if (decided.outcome === 'refused') throw new AppError(decided.reason);
  return decided.answer;
}

/** What is to be recorded: what was changed, or that it was refused. */
function changesOf(
  result: Acted<undefined>,
  found: { subjectId: string; companyId?: string },
): readonly Change[] {
  if (result.outcome === 'done' || result.changes !== undefined) return result.changes ?? [];
  return [{ type: 'access.refused', result: 'refused', reason: result.reason, ...found }];
}
