import type { EmailAddress } from '../kernel/email-address.ts';
import { present } from './parts.ts';
import type { Reading } from './reading.ts';
import { domains, emailAddress, slug } from './rules/people.ts';
import type { NonEmpty } from './rules/lists.ts';
import { oneOf } from './rules/words.ts';
import type { VariableTable } from './variable.ts';

export const companyVariables = {
  CLOUDGRID_AUTH_COMPANY_ID: {
    otherwise: 'many companies, set up by Management',
    rule: 'Slug of the one company of this deployment; made on start if it is missing.',
  },
  CLOUDGRID_AUTH_BOOTSTRAP_EMAIL: {
    otherwise: 'whoever comes first',
    rule: 'The verified address that alone may become the company’s first admin. Set it on a public address. Only with `CLOUDGRID_AUTH_COMPANY_ID`.',
  },
} as const satisfies VariableTable;

export const policyVariables = {
  AUTH_POLICY: {
    otherwise: 'single sign-on for every domain',
    rule: '`standard` adds e-mail and password; `restricted` is single sign-on for the listed domains alone. Passwords are never on unless asked for.',
  },
  AUTH_ALLOWED_EMAIL_DOMAINS: {
    rule: 'Domains, separated by commas, of the verified addresses that may come in; exact, in any letter case. Needed under `restricted`, a mistake otherwise.',
  },
} as const satisfies VariableTable;

/** The one company of a deployment that has one. */
export type ConfiguredCompany = {
  readonly slug: string;
  /** Who alone may become its first admin; absent: the first verified address that comes. */
  readonly bootstrapEmail?: EmailAddress;
};

/** `sso`: single sign-on, no passwords, no domain list. */
export type SignInPolicy =
  | { readonly kind: 'standard' }
  | { readonly kind: 'sso' }
  | { readonly kind: 'restricted'; readonly allowedDomains: NonEmpty<string> };

export function readCompany(reading: Reading<keyof typeof companyVariables>): ConfiguredCompany | undefined {
  const company = reading.take('CLOUDGRID_AUTH_COMPANY_ID', slug);
  const bootstrapEmail = reading.take('CLOUDGRID_AUTH_BOOTSTRAP_EMAIL', emailAddress);
  if (reading.isGiven('CLOUDGRID_AUTH_BOOTSTRAP_EMAIL') && !reading.isGiven('CLOUDGRID_AUTH_COMPANY_ID')) {
    const reason = 'names the first admin of no company. Expected: CLOUDGRID_AUTH_COMPANY_ID with it.';
    reading.mistake('CLOUDGRID_AUTH_BOOTSTRAP_EMAIL', reason);
    return undefined;
  }
  return company === undefined ? undefined : { slug: company, ...present({ bootstrapEmail }) };
}

export function readPolicy(reading: Reading<keyof typeof policyVariables>): SignInPolicy | undefined {
  const isGiven = reading.isGiven('AUTH_POLICY');
  const kind = isGiven ? reading.take('AUTH_POLICY', oneOf(['standard', 'restricted'])) : 'sso';
  if (kind === 'restricted') {
    const allowedDomains = reading.need('AUTH_ALLOWED_EMAIL_DOMAINS', domains, 'with AUTH_POLICY restricted');
    return allowedDomains && { kind, allowedDomains };
  }
  reading.take('AUTH_ALLOWED_EMAIL_DOMAINS', domains);
  if (kind !== undefined && reading.isGiven('AUTH_ALLOWED_EMAIL_DOMAINS')) {
    const reason =
      'looks like a lock but closes nothing. Expected: AUTH_POLICY restricted with it, or neither.';
    reading.mistake('AUTH_ALLOWED_EMAIL_DOMAINS', reason);
    return undefined;
  }
  return kind && { kind };
}
