import {
  endLinks,
  hasSecondFactor,
  lockSecondFactor,
  minLengthFor,
  readPassword,
  setPassword,
} from '../../credential/index.ts';
import type { ChoosePassword, OwnPassword, PasswordHashes } from '../../credential/index.ts';
import { inSystem } from '../../db/scopes.ts';
import type { SystemTx } from '../../db/scopes.ts';
import { readUser } from '../../identity/index.ts';
import type { EmailAddress } from '../../kernel/email-address.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Renewed } from '../own-invitations.ts';
import { decideIn, mustBeFresh, recordAndTell, refuse, startAnew } from './secure.ts';
import type { Asking, SecurityDeps } from './secure.ts';
import { readAddresses, readDisplayName, readPrimaryAddress } from './security-view.ts';

export type OwnPasswordDeps = SecurityDeps & {
  /** Absent where the policy knows no passwords. */
  readonly passwords:
    { readonly hashes: PasswordHashes; readonly choosePassword: ChoosePassword } | undefined;
};

/** Whether there is one, since when, and how long the next one is at least. */
export async function readOwnPassword(
  { db }: Pick<OwnPasswordDeps, 'db'>,
  { session: { userId } }: Asking,
): Promise<{ isSet: boolean; changedAt: Date | null; minLength: number }> {
  const [password, isBesideApp] = await inSystem(db, (tx) =>
    Promise.all([readPassword(tx, userId), hasSecondFactor(tx, userId)]),
  );
  const minLength = minLengthFor({ hasSecondFactor: isBesideApp });
  return { isSet: password !== undefined, changedAt: password?.setAt ?? null, minLength };
}

export type Change = { readonly currentPassword?: string | undefined; readonly newPassword: string };

/**
 * Sets another password, or the first one. Every other session of the person ends, and every link to a new password.
 * @throws AppError `password_sign_in_disabled`, `step_up_required`, `credentials_invalid` where the current one is wrong,
 * `request_invalid` where it is missing, `email_unverified` where nothing would go with it, `password_unacceptable`
 */
export async function changePassword(
  deps: OwnPasswordDeps,
  asking: Asking,
  { currentPassword, newPassword }: Change,
): Promise<Renewed> {
  const { passwords } = deps;
  if (passwords === undefined) throw new AppError('password_sign_in_disabled');
  mustBeFresh(asking.session, deps.clock.now());
  await deps.countTry('own_password', asking.session.lineageId);
  const owner = await inSystem(deps.db, (tx) => readOwner(tx, asking.session.userId));
  if (owner.address === undefined) throw new AppError('email_unverified');
  const { address, displayName, hasApp, password } = owner;
  if (password !== undefined) await mustFit(deps, asking, { known: password, typed: currentPassword });
  // No transaction is open while a password is judged and hashed.
  const hash = await passwords.choosePassword(newPassword, { address, displayName, hasSecondFactor: hasApp });
  return await replacePassword(deps, asking, { before: password, hash });
}

type Owner = {
  readonly address: EmailAddress | undefined;
  readonly displayName: string;
  readonly hasApp: boolean;
  readonly password: OwnPassword | undefined;
};

async function readOwner(tx: SystemTx, userId: string): Promise<Owner> {
  const [address, displayName, hasApp, password] = await Promise.all([
    readPrimaryAddress(tx, userId),
    readDisplayName(tx, userId),
    hasSecondFactor(tx, userId),
    readPassword(tx, userId),
  ]);
  return { address, displayName, hasApp, password };
}

async function mustFit(
  { db, clock, passwords }: OwnPasswordDeps,
  asking: Asking,
  { known, typed }: { known: OwnPassword; typed: string | undefined },
): Promise<void> {
  if (typed === undefined)
    throw new AppError('request_invalid', { detail: 'The current password is needed.' });
  const comparison = await passwords?.hashes.compare(typed, known.hash);
  if (comparison === 'fits' || comparison === 'fits_old') return;
  const why = { type: 'password.refused', reason: 'credentials_invalid', now: clock.now() } as const;
  await decideIn(db, (tx) => refuse(tx, asking, why));
}

async function replacePassword(
  deps: OwnPasswordDeps,
  asking: Asking,
  { before, hash }: { before: OwnPassword | undefined; hash: string },
): Promise<Renewed> {
  const { userId } = asking.session;
  return await decideIn(deps.db, async (tx) => {
    const now = deps.clock.now();
    await lockSecondFactor(tx, userId); // whoever is about to come in with the old one is done, or finds it gone
    await readUser(tx, userId); // nobody else sets one meanwhile
    const found = await readPassword(tx, userId);
    // It was set anew by a link, or elsewhere, while this was on its way: what was typed as current is not.
    if (found?.setAt.getTime() !== before?.setAt.getTime())
      return await refuse(tx, asking, { type: 'password.refused', reason: 'credentials_invalid', now });
    await setPassword(tx, { userId, hash }, now);
    const addresses = await readAddresses(tx, userId);
    await endLinks(tx, { addresses, kind: 'password_reset' }, now);
    const done = { type: 'password.changed', notice: 'password_changed' } as const;
    await recordAndTell(tx, asking, { done, mailPolicy: deps.mailPolicy, now });
    return { outcome: 'done', answer: await startAnew(tx, asking, { ...deps, now }) };
  });
}
