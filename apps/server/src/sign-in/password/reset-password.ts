import { hashBrowserSecret } from '../../attempt/index.ts';
import { recordEvent } from '../../audit/index.ts';
import {
  endLinks,
  endMfaChallenges,
  findLink,
  forgetBrowsersOf,
  hasSecondFactor,
  lockSecondFactor,
  rememberBrowser,
  setPassword,
  useLink,
} from '../../credential/index.ts';
import type { SystemTx } from '../../db/scopes.ts';
import { inSystem } from '../../db/scopes.ts';
import {
  addressesOf,
  dropWaitingLinks,
  endEmailProofs,
  findHolderOf,
  lockAddress,
  readUser,
} from '../../identity/index.ts';
import type { User } from '../../identity/index.ts';
import type { EmailAddress } from '../../kernel/email-address.ts';
import { AppError } from '../../kernel/errors.ts';
import { queueMails } from '../../mail/index.ts';
import { endSessionsOf } from '../../session/index.ts';
import type { Asking, PasswordDeps } from './password-deps.ts';
import { refuse } from './refuse-password.ts';
import type { Refused } from './refuse-password.ts';

type Resetting = Asking & { readonly token: string; readonly password: string };
type Found = {
  readonly id: string;
  readonly address: EmailAddress;
  readonly user: User;
  readonly hasApp: boolean;
};

/**
 * Whoever reads the mailbox sets another password, and is in no way signed in by that. Everything ends that the one
 * before them may have begun; an authenticator app stays. Their browser is the one that is known: guesses made elsewhere
 * do not shut them out.
 * @throws AppError `token_invalid`, `password_unacceptable`, `overloaded`
 */
export async function resetPassword(deps: PasswordDeps, resetting: Resetting): Promise<void> {
  const { token, password, reference } = resetting;
  const found = await findReset(deps, token);
  const hash = found && (await deps.choose(password, ownerOf(found)));
  const settled = await inSystem(deps.db, async (tx): Promise<Refused | { readonly outcome: 'done' }> => {
    const now = deps.clock.now();
    const isReset = found && hash !== undefined && (await reset(tx, { found, hash, now }));
    if (isReset !== true)
      return await refuse(tx, resetting, { reason: 'token_invalid', userId: found?.user.id, now });
    await endWhatWasBegun(tx, resetting, { userId: found.user.id, now });
    await tellOfReset(tx, deps, { resetting, found, now });
    return { outcome: 'done' };
  });
  if (settled.outcome === 'refused') throw new AppError(settled.reason, { reference });
}

async function findReset({ db, clock, links }: PasswordDeps, token: string): Promise<Found | undefined> {
  const id = links.idOf(token);
  if (id === undefined) return undefined;
  return await inSystem(db, async (tx) => {
    const link = await findLink(tx, { id, kind: 'password_reset' }, clock.now());
    const user = link && (await findHolderOf(tx, link.address));
    if (link === undefined || user?.status !== 'active') return undefined;
    return { id, address: link.address, user, hasApp: await hasSecondFactor(tx, user.id) };
  });
}

function ownerOf({ address, user, hasApp }: Found) {
  return { address, displayName: user.displayName, hasSecondFactor: hasApp };
}

type Writing = { readonly found: Found; readonly hash: string; readonly now: Date };

/** Of many at once one sets it; nobody whose address it is no more, or who was disabled meanwhile. */
async function reset(tx: SystemTx, { found, hash, now }: Writing): Promise<boolean> {
  const { id, address, user } = found;
  await lockSecondFactor(tx, user.id); // before every other lock, as a second step does
  await lockAddress(tx, address);
  if (!(await useLink(tx, { id, kind: 'password_reset' }, now))) return false;
  if ((await findHolderOf(tx, address))?.id !== user.id) return false;
  const { status } = await readUser(tx, user.id);
  if (status !== 'active') return false;
  await setPassword(tx, { userId: user.id, hash }, now);
  return true;
}

/** Sessions, half a sign-in, other links and codes, identities that wait, and browsers that were trusted. */
async function endWhatWasBegun(
  tx: SystemTx,
  { browser: { origin, secret }, reference }: Asking,
  { userId, now }: { userId: string; now: Date },
): Promise<void> {
  await endMfaChallenges(tx, userId, now);
  await endLinks(tx, { addresses: await addressesOf(tx, userId) }, now);
  await endEmailProofs(tx, userId, now);
  await dropWaitingLinks(tx, userId);
  await forgetBrowsersOf(tx, userId);
  await rememberBrowser(tx, { userId, browserHash: hashBrowserSecret(secret) }, now);
  const reason = 'credentials_changed';
  const during = { because: reason, limits: { ttlMs: Infinity }, now, currentId: null } as const;
  const ended = await endSessionsOf(tx, { userId, butFor: null }, during);
  const by = { actor: { kind: 'user', userId }, reference, origin } as const;
  for (const subjectId of ended)
    await recordEvent(tx, { type: 'session.ended', reason, subjectId, ...by }, now);
}

type Telling = { readonly resetting: Resetting; readonly found: Found; readonly now: Date };

async function tellOfReset(
  tx: SystemTx,
  { mailPolicy }: PasswordDeps,
  { resetting, found, now }: Telling,
): Promise<void> {
  const { browser, reference } = resetting;
  const { address: to, user } = found;
  const { origin } = browser;
  const by = { actor: { kind: 'user', userId: user.id }, subjectId: user.id, reference, origin } as const;
  await recordEvent(tx, { type: 'password.reset', ...by }, now);
  const facts = { what: 'password_reset', at: now.toISOString(), address: origin.address ?? null } as const;
  await queueMails(tx, mailPolicy, { mails: [{ kind: 'account_notice', to, facts }], at: now });
}
