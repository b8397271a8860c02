import type { Claims } from './answers.ts';
import type { PublishedKey } from './key-set.ts';
import type { VouchedEmail } from './provider.ts';
import { refused, textOf } from './refusal.ts';
import { vouched } from './vouched-email.ts';

/** What one brand of OpenID provider means by issuer, subject and e-mail address. */
export type RuleSet = {
  /** What the `issuer` of its metadata may be. */
  readonly documentIssuers: readonly string[];
  /** May an authorization response name this issuer (RFC 9207)? */
  readonly mayCallItself: (issuer: string) => boolean;
  /** How many seconds before the moment of issue the provider dates its tokens. */
  readonly issuedEarlierSeconds: number;
  /** Where the ID token holds no address: is userinfo asked for it? */
  readonly asksUserinfo: boolean;
  /**
   * The issuer that names the person for good.
   * @throws AppError `provider_refused`
   */
  readonly issuerOf: (claims: Claims, key: PublishedKey) => string;
  /** @throws AppError `provider_refused` */
  readonly subjectOf: (claims: Claims) => string;
  readonly emailOf: (claims: Claims) => VouchedEmail;
  /** What the provider says more exactly than `invalid_client`, for its administrators. */
  readonly rejectionIn?: (body: Claims) => string | undefined;
};

/** OpenID Connect Core, with nothing that a brand adds: addresses are vouched for, and authoritative is none. */
export function plainRules(issuer: string): RuleSet {
  return {
    documentIssuers: [issuer],
    mayCallItself: (named) => named === issuer,
    issuedEarlierSeconds: 0,
    asksUserinfo: true,
    issuerOf: ({ iss }) => {
      if (iss !== issuer) throw refused('issuer_mismatch', receivedIssuer(iss));
      return issuer;
    },
    subjectOf: ({ sub }) => textOf(sub, 'subject_missing'),
    emailOf: (claims) => vouched(claims['email'], { isVerified: claims['email_verified'] === true }),
  };
}

/** For administrators, who compare it with their configuration. It is shown only where it is an address at all. */
export function receivedIssuer(iss: unknown): { readonly receivedIssuer?: string } {
  const url = typeof iss === 'string' && iss.length <= 255 ? URL.parse(iss) : null;
  return url === null ? {} : { receivedIssuer: url.href };
}
