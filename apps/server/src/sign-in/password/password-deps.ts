import type { ChoosePassword, LinkTokens, PasswordHashes } from '../../credential/index.ts';
import type { Database } from '../../db/scopes.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { EmailAddress } from '../../kernel/email-address.ts';
import { parseEmailAddress } from '../../kernel/email-address.ts';
import { AppError } from '../../kernel/errors.ts';
import type { MailPolicy } from '../../mail/index.ts';
import type { BoundBrowser } from '../deps.ts';
import type { EnterByPassword } from '../settle/enter-by-password.ts';

/** What everything shares that has to do with passwords. */
export type PasswordDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly choose: ChoosePassword;
  readonly hashes: PasswordHashes;
  readonly links: Pick<LinkTokens, 'idOf'>;
  readonly mailPolicy: MailPolicy;
  readonly byPassword: EnterByPassword;
};

/** Who asks, and by what the answer and the trail are found again. */
export type Asking = { readonly browser: BoundBrowser; readonly reference: string };

/** @throws AppError `email_invalid` */
export function addressIn(email: string): EmailAddress {
  const address = parseEmailAddress(email);
  if (address === undefined) throw new AppError('email_invalid');
  return address;
}
