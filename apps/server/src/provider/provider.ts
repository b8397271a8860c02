import type { EmailAddress } from '../kernel/email-address.ts';
import type { StepName, Trace } from '../kernel/trace.ts';

/** What the provider says of the person's address. Only a verified one may ever become anybody's. */
export type VouchedEmail =
  | { readonly kind: 'none' }
  | { readonly kind: 'claimed'; readonly address: EmailAddress }
  /** `authoritative`: the provider runs the mailbox, so the address may find the account that holds it. */
  | { readonly kind: 'verified'; readonly address: EmailAddress; readonly authoritative: boolean };

/** What a provider vouches for. (issuer, subject) names the person for good; for Entra that is (tid, oid). */
export type ProvenIdentity = {
  readonly issuer: string;
  readonly subject: string;
  readonly displayName: string;
  readonly email: VouchedEmail;
};

export type SignInHints = {
  readonly loginHint?: EmailAddress;
  /** Ask the provider to let the person choose among accounts, or to show once more who they are. */
  readonly prompt?: 'select_account' | 'login';
};

/** What a provider wants back at the callback. Kept on the server, forgotten once used. */
export type Remembered = Readonly<Record<string, string>>;

export type Departure = {
  readonly callbackUrl: URL;
  readonly state: string;
  readonly hints: SignInHints;
};

export type Return = {
  /** The whole address at which the browser came back. */
  readonly callback: URL;
  /** The redirect URI that was sent at departure. */
  readonly callbackUrl: URL;
  readonly remembered: Remembered;
  readonly trace: Trace;
};

/** One way to prove who someone is. Knows a protocol; knows no company, user, session or database. */
export type Provider = {
  /** The steps that `finish` takes, in order. */
  readonly steps: readonly StepName[];
  /**
   * Where to send the browser, and what to remember until it returns.
   * @throws AppError `provider_unavailable`, `provider_misconfigured`
   */
  begin(departure: Departure): Promise<{ readonly redirectTo: URL; readonly remembered: Remembered }>;
  /**
   * Proves the callback, within ten seconds in all.
   * @throws AppError `provider_denied`, `provider_refused`, `provider_misconfigured`, `provider_unavailable`
   */
  finish(arrival: Return): Promise<ProvenIdentity>;
};
