import { hashBrowserSecret } from '../../attempt/index.ts';
import { recordEvent } from '../../audit/index.ts';
import {
  beginMfaChallenge,
  findPasswordHolder,
  hasSecondFactor,
  rehashPassword,
} from '../../credential/index.ts';
import type { PasswordHashes, PasswordHolder } from '../../credential/index.ts';
import type { SystemTx } from '../../db/scopes.ts';
import { inSystem } from '../../db/scopes.ts';
import { readUser } from '../../identity/index.ts';
import type { EmailAddress } from '../../kernel/email-address.ts';
import { AppError } from '../../kernel/errors.ts';
import { queueMails } from '../../mail/index.ts';
import type { Entered } from '../settle/enter-by-password.ts';
import { addressIn } from './password-deps.ts';
import type { Asking, PasswordDeps } from './password-deps.ts';
import { refuse } from './refuse-password.ts';
import type { Refused } from './refuse-password.ts';

/** A try that is counted already. */
type CountedTry = {
  readonly before: number;
  succeeded(): Promise<void>;
  failed(): Promise<string | undefined>;
};

export type SignInByPasswordDeps = PasswordDeps & {
  /** Lets in as many at once as can be judged in good time. @throws AppError `overloaded` at once for all others */
  readonly admit: <T>(work: () => Promise<T>) => Promise<T>;
  /** @throws AppError `rate_limited`, or `storage_unavailable` where nothing can be counted */
  readonly beginTry: (trying: {
    address: string | undefined;
    account: string;
    knownBrowser?: string;
  }) => Promise<CountedTry>;
};

export type PasswordSignIn = Asking & {
  readonly email: string;
  readonly password: string;
  readonly invitationId?: string | undefined;
};

type Right =
  | Extract<Entered, { outcome: 'signed_in' }>
  /** The password fits; a code is asked for before anything is handed out. */
  | { readonly outcome: 'mfa_required'; readonly mfaToken: string };

/** After so many wrong ones a right one, in a browser that is new to the account, is told to its owner. */
const suspiciousAfter = 3;

/**
 * Whoever is not known, has no password or types a wrong one gets the same answer after the same work.
 * @throws AppError `email_invalid`, `credentials_invalid`, `rate_limited`, `overloaded`, or why they may not enter
 */
export async function signInByPassword(deps: SignInByPasswordDeps, signIn: PasswordSignIn): Promise<Right> {
  return await deps.admit(() => judgeAndEnter(deps, signIn));
}

async function judgeAndEnter(deps: SignInByPasswordDeps, signIn: PasswordSignIn): Promise<Right> {
  const { email, password, browser, reference } = signIn;
  const address = addressIn(email);
  const browserHash = hashBrowserSecret(browser.secret);
  const holder = await inSystem(deps.db, (tx) => findPasswordHolder(tx, { address, browserHash }));
  const counted = await deps.beginTry({
    address: browser.origin.address,
    account: address,
    ...(holder?.isKnownBrowser === true && { knownBrowser: browserHash.toString('base64url') }),
  });
  const comparison = await deps.hashes.compare(password, holder?.hash).catch(async (error: unknown) => {
    await counted.succeeded(); // it was not judged
    throw error;
  });
  if (comparison === 'wrong' || holder?.hash === undefined)
    return await refuseWrong(deps, signIn, { counted, userId: holder?.userId });
  await counted.succeeded();
  const known = { ...holder, hash: holder.hash };
  const rehashed = comparison === 'fits_old' ? await rehash(deps.hashes, password) : undefined;
  const right = await inSystem(deps.db, (tx) =>
    enter(deps, signIn, { tx, now: deps.clock.now(), address, known, rehashed, before: counted.before }),
  );
  if (right.outcome === 'refused') throw new AppError(right.reason, { reference });
  return right;
}

/** Nobody waits for it, or is kept out without it. */
async function rehash(hashes: PasswordHashes, password: string): Promise<string | undefined> {
  return await hashes.hash(password).catch(() => undefined);
}

async function refuseWrong(
  { db, clock }: PasswordDeps,
  asking: Asking,
  { counted, userId }: { counted: CountedTry; userId: string | undefined },
): Promise<never> {
  const alarm = await counted.failed();
  const now = clock.now();
  const { reference, browser } = asking;
  await inSystem(db, async (tx) => {
    await refuse(tx, asking, { reason: 'credentials_invalid', userId, now });
    if (alarm === undefined) return;
    const event = { type: 'sign_in.suspicious', reason: alarm, actor: { kind: 'nobody' } } as const;
    await recordEvent(tx, { ...event, reference, origin: browser.origin }, now);
  });
  throw new AppError('credentials_invalid', { reference });
}

type Entering = {
  readonly tx: SystemTx;
  readonly now: Date;
  readonly address: EmailAddress;
  readonly known: PasswordHolder & { readonly hash: string };
  readonly rehashed: string | undefined;
  /** Wrong ones before. */
  readonly before: number;
};

async function enter(
  deps: SignInByPasswordDeps,
  signIn: PasswordSignIn,
  { tx, now, address, known, rehashed, before }: Entering,
): Promise<Right | Refused> {
  const { browser, reference, invitationId } = signIn;
  const { userId, hash, isKnownBrowser } = known;
  const bootstrap = await deps.byPassword.readBootstrap(tx);
  const user = await readUser(tx, userId); // whoever sets another password waits, or was waited for
  const browserHash = hashBrowserSecret(browser.secret);
  const found = await findPasswordHolder(tx, { address, browserHash });
  if (found?.userId !== userId || found.hash !== hash)
    return await refuse(tx, signIn, { reason: 'credentials_invalid', userId, now });
  if (rehashed !== undefined) await rehashPassword(tx, { userId, from: hash, to: rehashed });
  if (user.status === 'active' && (await hasSecondFactor(tx, userId))) {
    const mfaToken = await beginMfaChallenge(tx, { userId, address, invitationId }, now);
    return { outcome: 'mfa_required', mfaToken };
  }
  const entering = { bootstrap, userId, address, browser, invitationId, reference, now };
  const entered = await deps.byPassword.enter(tx, entering);
  if (entered.outcome === 'refused') return await refuse(tx, signIn, { reason: entered.reason, userId, now });
  if (before >= suspiciousAfter && !isKnownBrowser)
    await tellOfFailures(deps, signIn, { tx, now, userId, address });
  return entered;
}

type Telling = Pick<Entering, 'tx' | 'now' | 'address'> & { readonly userId: string };

/** Somebody guessed for a while, and then somebody came in where nobody had before (ASVS 6.3.5). */
async function tellOfFailures(
  { mailPolicy }: PasswordDeps,
  { browser: { origin }, reference }: Asking,
  { tx, now, userId, address: to }: Telling,
): Promise<void> {
  const by = { actor: { kind: 'user', userId }, subjectId: userId, reference, origin } as const;
  await recordEvent(tx, { type: 'sign_in.suspicious', reason: 'after_failures', ...by }, now);
  const facts = {
    what: 'signed_in_after_failures',
    at: now.toISOString(),
    address: origin.address ?? null,
  } as const;
  await queueMails(tx, mailPolicy, { mails: [{ kind: 'account_notice', to, facts }], at: now });
}
