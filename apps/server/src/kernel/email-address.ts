import { domainToASCII } from 'node:url';

/** Trimmed, lower-cased, its domain in ASCII form. Made by `parseEmailAddress` alone. */
export type EmailAddress = string & { readonly __brand: 'EmailAddress' };

const maxAddressLength = 254; // RFC 5321 §4.5.3.1.3
const maxLocalPartLength = 64; // RFC 5321 §4.5.3.1.1
const localPartShape = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const domainShape = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The one reader of e-mail addresses: a dot-atom (RFC 5322 §3.2.3) in ASCII, one `@`, a domain name. Quoted
 * local parts, comments, lists and address literals are no addresses here. Letter case is folded in ASCII only,
 * so that no look-alike letter becomes another address; dots and plus tags are kept as written.
 */
export function parseEmailAddress(text: string): EmailAddress | undefined {
  const trimmed = text.trim();
  if (trimmed.length > maxAddressLength) return undefined;
  const [localPart, domain, ...more] = trimmed.split('@');
  if (localPart === undefined || domain === undefined || more.length > 0) return undefined;
  if (localPart.length > maxLocalPartLength || !localPartShape.test(localPart)) return undefined;
  const asciiDomain = parseDomain(domain);
  if (asciiDomain === undefined) return undefined;
  const address = `${localPart.toLowerCase()}@${asciiDomain}`;
  // The one place where the brand is given.
  return address.length <= maxAddressLength ? (address as EmailAddress) : undefined;
}

/** A domain name in ASCII form (UTS #46), lower-cased; undefined where the text is none. */
export function parseDomain(text: string): string | undefined {
  if (/[^\p{L}\p{N}\p{M}.-]/u.test(text)) return undefined;
  const ascii = domainToASCII(text).toLowerCase();
  return ascii.length <= 253 && domainShape.test(ascii) ? ascii : undefined;
}

export function domainOf(address: EmailAddress): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

export function localPartOf(address: EmailAddress): string {
  return address.slice(0, address.lastIndexOf('@'));
}

/** For eyes that need not know it whole: the first letter, and the domain. */
export function maskAddress(address: EmailAddress): string {
  return `${address.slice(0, 1)}•••@${domainOf(address)}`;
}
