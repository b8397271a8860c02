import type { ColumnType } from 'kysely';
import type { EmailAddress } from '../kernel/email-address.ts';
import type { Fixed, Later } from './columns.ts';

export type PasswordsTable = { user_id: Fixed<string>; hash: string; set_at: Date };

/** A link that was mailed. Its token is kept nowhere: it follows from the id and a key. */
export type OneTimeLinksTable = {
  id: Fixed<string>;
  kind: Fixed<'registration' | 'password_reset'>;
  address: Fixed<EmailAddress>;
  /** Of a registration: the browser that asked, and what it chose. */
  browser_hash: Fixed<Buffer | null>;
  password_hash: ColumnType<string | null, string | null, null>;
  display_name: Fixed<string | null>;
  created_at: Fixed<Date>;
  expires_at: Fixed<Date>;
  used_at: Later<Date>;
};

export type TotpSecretsTable = {
  user_id: Fixed<string>;
  sealed_secret: Buffer;
  created_at: Date;
  /** When a code of it was first typed back; it counts for nothing before. */
  enabled_at: Later<Date>;
  /** The step of the last code that was used; none up to it is taken again. */
  last_step: ColumnType<string, string | number | undefined, string | number>;
};

export type RecoveryCodesTable = { user_id: Fixed<string>; code_hash: Fixed<Buffer>; used_at: Later<Date> };

/** A sign-in whose password fitted and whose second factor is still asked for. */
export type MfaChallengesTable = {
  token_hash: Fixed<Buffer>;
  user_id: Fixed<string>;
  /** What was typed as the address of the account. */
  address: Fixed<EmailAddress>;
  invitation_id: Fixed<string | null>;
  created_at: Fixed<Date>;
  expires_at: Fixed<Date>;
  tries: number;
  used_at: Later<Date>;
};

/** A browser in which somebody signed in to the account before: a stranger's guesses do not shut it out. */
export type KnownBrowsersTable = { user_id: Fixed<string>; browser_hash: Fixed<Buffer>; seen_at: Date };
