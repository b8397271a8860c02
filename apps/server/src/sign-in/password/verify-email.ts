import { hashBrowserSecret } from '../../attempt/index.ts';
import { recordEvent } from '../../audit/index.ts';
import { endLinks, findLink, setPassword, useLink } from '../../credential/index.ts';
import type { OpenLink } from '../../credential/index.ts';
import type { SystemTx } from '../../db/scopes.ts';
import { inSystem } from '../../db/scopes.ts';
import { adoptAddress, createUser, findHolderOf, lockAddress } from '../../identity/index.ts';
import type { User } from '../../identity/index.ts';
import { localPartOf } from '../../kernel/email-address.ts';
import { AppError } from '../../kernel/errors.ts';
import { equalInConstantTime } from '../../kernel/tokens.ts';
import type { Entered } from '../settle/enter-by-password.ts';
import type { Asking, PasswordDeps } from './password-deps.ts';
import { refuse } from './refuse-password.ts';
import type { Refused } from './refuse-password.ts';

type SignedIn = Extract<Entered, { outcome: 'signed_in' }>;
type Verifying = Asking & { readonly token: string; readonly password?: string | undefined };
type Registered = { readonly id: string; readonly link: OpenLink };
/** What the account begins with. */
type Chosen = { readonly displayName: string; readonly hash: string };

/**
 * The mailbox is proven: its account is made, and its owner is in. What was chosen at the registration counts in the
 * browser that registered; in any other it may be somebody else's choice, and is dropped.
 * @throws AppError `token_invalid`, `password_needed`, `password_unacceptable`, `overloaded`, or why they may not enter
 */
export async function verifyEmail(deps: PasswordDeps, verifying: Verifying): Promise<SignedIn> {
  const { token, reference } = verifying;
  const registered = await findRegistered(deps, token);
  const chosen = registered && (await chooseFor(deps, verifying, registered.link));
  const settled = await inSystem(deps.db, async (tx): Promise<SignedIn | Refused> => {
    const now = deps.clock.now();
    const bootstrap = await deps.byPassword.readBootstrap(tx);
    const user = registered && chosen && (await makeAccount(tx, verifying, { registered, chosen, now }));
    if (registered === undefined || user === undefined)
      return await refuse(tx, verifying, { reason: 'token_invalid', now });
    const { address } = registered.link;
    const entering = { bootstrap, userId: user.id, address, now, ...verifying };
    const entered = await deps.byPassword.enter(tx, entering);
    if (entered.outcome === 'signed_in') return entered;
    // Somebody new whose address is proven may enter; if not, nothing of all this stands.
    throw new AppError(entered.reason, { reference });
  });
  if (settled.outcome === 'refused') throw new AppError(settled.reason, { reference });
  return settled;
}

async function findRegistered(
  { db, clock, links }: PasswordDeps,
  token: string,
): Promise<Registered | undefined> {
  const id = links.idOf(token);
  if (id === undefined) return undefined;
  const link = await inSystem(db, (tx) => findLink(tx, { id, kind: 'registration' }, clock.now()));
  return link && { id, link };
}

async function chooseFor({ choose }: PasswordDeps, verifying: Verifying, link: OpenLink): Promise<Chosen> {
  const { password, browser } = verifying;
  const { address, browserHash, passwordHash } = link;
  const isSameBrowser =
    browserHash !== null && equalInConstantTime(browserHash, hashBrowserSecret(browser.secret));
  const displayName = (isSameBrowser && link.displayName) || localPartOf(address);
  if (password !== undefined) {
    const hash = await choose(password, { address, displayName, hasSecondFactor: false });
    return { displayName, hash };
  }
  if (!isSameBrowser || passwordHash === null) throw new AppError('password_needed');
  return { displayName, hash: passwordHash };
}

type Making = { readonly registered: Registered; readonly chosen: Chosen; readonly now: Date };

/** Of many at once one makes it; undefined for the others, and where somebody holds the address by now. */
async function makeAccount(
  tx: SystemTx,
  { browser: { origin }, reference }: Asking,
  { registered: { id, link }, chosen, now }: Making,
): Promise<User | undefined> {
  const { address } = link;
  await lockAddress(tx, address);
  if (!(await useLink(tx, { id, kind: 'registration' }, now))) return undefined;
  if ((await findHolderOf(tx, address)) !== undefined) return undefined;
  const user = await createUser(tx, chosen.displayName, now);
  await adoptAddress(tx, { userId: user.id, address, now });
  await setPassword(tx, { userId: user.id, hash: chosen.hash }, now);
  await endLinks(tx, { addresses: [address] }, now);
  const by = { actor: { kind: 'user', userId: user.id }, subjectId: user.id, reference, origin } as const;
  await recordEvent(tx, { type: 'account.created', ...by, details: { connection: 'password' } }, now);
  await recordEvent(tx, { type: 'email.proven', ...by, details: { address } }, now);
  return user;
}
