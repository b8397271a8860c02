import { hashBrowserSecret } from '../../attempt/index.ts';
import { recordEvent } from '../../audit/index.ts';
import { beginLink } from '../../credential/index.ts';
import type { SystemTx } from '../../db/scopes.ts';
import { inSystem } from '../../db/scopes.ts';
import { findHolderOf, lockAddress } from '../../identity/index.ts';
import type { EmailAddress } from '../../kernel/email-address.ts';
import { AppError } from '../../kernel/errors.ts';
import { queueMails } from '../../mail/index.ts';
import type { NewMail } from '../../mail/index.ts';
import { displayNameFrom } from '../../provider/display-name.ts';
import { addressIn } from './password-deps.ts';
import type { Asking, PasswordDeps } from './password-deps.ts';

type Registering = Asking & {
  readonly email: string;
  readonly password?: string | undefined;
  readonly displayName?: string | undefined;
};

/**
 * Sends a link to a mailbox, behind which an account can be made. Whoever holds the address already is told that they
 * have an account; whoever asks sees no difference.
 * @throws AppError `email_invalid`, `mail_not_configured`, `password_unacceptable`, `overloaded`
 */
export async function register(
  deps: PasswordDeps,
  { email, password, browser, reference, ...typed }: Registering,
): Promise<void> {
  const address = addressIn(email);
  mustSendMail(deps);
  const displayName = displayNameFrom([typed.displayName]);
  const named = displayName === '' ? {} : { displayName };
  const owner = { address, hasSecondFactor: false, ...named };
  const passwordHash = password === undefined ? undefined : await deps.choose(password, owner);
  const now = deps.clock.now();
  const { origin } = browser;
  await inSystem(deps.db, async (tx) => {
    await lockAddress(tx, address);
    const holder = await findHolderOf(tx, address);
    const link = await beginLink(
      tx,
      {
        kind: 'registration',
        address,
        browserHash: hashBrowserSecret(browser.secret),
        ...(passwordHash !== undefined && { passwordHash }),
        ...named,
      },
      now,
    );
    const facts = factsOf(link, origin.address);
    const kind = holder === undefined ? 'registration' : 'account_exists';
    if (!link.isTooMany) await queue(tx, deps, { kind, to: address, subjectId: link.id, facts });
    const event = { type: 'account.registration_requested', subjectId: link.id, reference, origin } as const;
    await recordEvent(tx, { ...event, actor: { kind: 'nobody' } }, now);
  });
}

/**
 * Sends a link behind which a new password can be set. Whether there is an account is looked at when the mail is sent.
 * @throws AppError `email_invalid`, `mail_not_configured`
 */
export async function forgotPassword(
  deps: PasswordDeps,
  { email, browser, reference }: Asking & { readonly email: string },
): Promise<void> {
  const address = addressIn(email);
  mustSendMail(deps);
  const now = deps.clock.now();
  const { origin } = browser;
  await inSystem(deps.db, async (tx) => {
    await lockAddress(tx, address);
    const holder = await findHolderOf(tx, address);
    const link = await beginLink(tx, { kind: 'password_reset', address }, now);
    const facts = factsOf(link, origin.address);
    if (!link.isTooMany)
      await queue(tx, deps, { kind: 'password_reset', to: address, subjectId: link.id, facts });
    const event = { type: 'password.reset_requested', subjectId: holder?.id ?? link.id } as const;
    await recordEvent(tx, { ...event, actor: { kind: 'nobody' }, reference, origin }, now);
  });
}

function mustSendMail({ mailPolicy }: PasswordDeps): void {
  if (mailPolicy.kind !== 'smtp') throw new AppError('mail_not_configured');
}

function factsOf(link: { id: string; expiresAt: Date }, address: string | undefined) {
  return { linkId: link.id, expiresAt: link.expiresAt.toISOString(), address: address ?? null };
}

async function queue(
  tx: SystemTx,
  { mailPolicy, clock }: PasswordDeps,
  mail: NewMail & { to: EmailAddress },
): Promise<void> {
  await queueMails(tx, mailPolicy, { mails: [mail], at: clock.now() });
}
