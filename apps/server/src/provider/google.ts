import { domainOf, parseDomain } from '../kernel/email-address.ts';
import type { Claims } from './answers.ts';
import type { ProviderDeps } from './authorization-code.ts';
import type { OidcSettings } from './oidc.ts';
import { openIdProvider } from './oidc.ts';
import type { Provider, VouchedEmail } from './provider.ts';
import { plainRules } from './rules.ts';
import { vouched } from './vouched-email.ts';

export function googleProvider(settings: OidcSettings, deps: ProviderDeps): Provider {
  return openIdProvider(settings, { ...plainRules(settings.issuer), emailOf: googleEmail }, deps);
}

/**
 * Google runs the mailboxes of gmail.com and of the Workspace domain that `hd` names. A consumer account may carry
 * any other address, which its holder could read once and may have lost since.
 */
export function googleEmail(claims: Claims): VouchedEmail {
  const email = vouched(claims['email'], { isVerified: claims['email_verified'] === true });
  if (email.kind !== 'verified') return email;
  const { hd } = claims;
  const domain = domainOf(email.address);
  const isWorkspace = typeof hd === 'string' && parseDomain(hd) === domain;
  return { ...email, authoritative: domain === 'gmail.com' || isWorkspace };
}
