import { findInvitationCompany } from '../control-plane/index.ts';
import type { Database } from '../db/scopes.ts';
import { enterCompany, inSystem } from '../db/scopes.ts';
import type { Clock } from '../kernel/clock.ts';
import { maskAddress } from '../kernel/email-address.ts';
import { AppError } from '../kernel/errors.ts';
import { hasProven, readLanding } from './landing-view.ts';
import type { ReadInvitation } from './landing-view.ts';

export type LandingDeps = { readonly db: Database; readonly clock: Clock };

export type Landing = Omit<ReadInvitation, 'email'> & {
  /** Whole only for whoever has proven it. */
  readonly email: string;
  readonly isYours: boolean;
};

/**
 * What the link of an invitation shows before anybody signs in. Its id is no secret: who guesses one learns no address.
 * @throws AppError `not_found`
 */
export async function readInvitationToLand(
  { db, clock }: LandingDeps,
  { invitationId, userId }: { invitationId: string; userId: string | undefined },
): Promise<Landing> {
  const at = clock.now();
  return await inSystem(db, async (tx) => {
    const companyId = await findInvitationCompany(tx, invitationId);
    if (companyId === undefined) throw new AppError('not_found');
    const found = await enterCompany(tx, companyId, (company) =>
      readLanding(company, { companyId, invitationId, at }),
    );
    if (found === undefined) throw new AppError('not_found');
    const address = found.email;
    const isYours = userId !== undefined && (await hasProven(tx, { userId, address }));
    return { ...found, isYours, email: isYours ? address : maskAddress(address) };
  });
}
