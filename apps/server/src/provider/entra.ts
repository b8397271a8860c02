import { domainOf, parseDomain } from '../kernel/email-address.ts';
import { isUuid } from '../kernel/ids.ts';
import type { Claims } from './answers.ts';
import type { ProviderDeps } from './authorization-code.ts';
import type { PublishedKey } from './key-set.ts';
import type { OidcSettings } from './oidc.ts';
import { openIdProvider } from './oidc.ts';
import type { Provider, VouchedEmail } from './provider.ts';
import { refused, textOf } from './refusal.ts';
import type { RuleSet } from './rules.ts';
import { receivedIssuer } from './rules.ts';
import { vouched } from './vouched-email.ts';

export type EntraSettings = OidcSettings & {
  /** Domains whose mailboxes the one directory of the issuer owns; of no effect where many directories sign in. */
  readonly emailDomains?: readonly string[];
};

/** The directory of all personal accounts. */
const consumers = '9188040d-6c67-4c5b-b112-36a304b66dad';
const sharedDirectories: ReadonlySet<string> = new Set(['common', 'organizations', 'consumers']);
/** Entra dates its tokens five minutes back, for clocks that are slow. */
const issuedEarlierSeconds = 300;

/** Microsoft Entra ID, whatever its host. The issuer is `{authority}/{directory}/v2.0`; its last but one part rules. */
export function entraProvider(settings: EntraSettings, deps: ProviderDeps): Provider {
  return openIdProvider(settings, entraRules(settings), deps);
}

/** Who may sign in: the people of one directory, or those of any that the shared name lets in. */
type Authority = {
  readonly prefix: string;
  readonly suffix: string;
  readonly directory: string;
  readonly isShared: boolean;
};

export function entraRules({ issuer, emailDomains = [] }: EntraSettings): RuleSet {
  const authority = authorityOf(issuer);
  const ownDomains = authority.isShared ? [] : emailDomains.map((domain) => parseDomain(domain));
  return {
    documentIssuers: documentIssuersOf(issuer, authority),
    mayCallItself: (named) => named === issuer || mayNameDirectory(named, authority),
    issuedEarlierSeconds,
    asksUserinfo: false,
    issuerOf: (claims, key) => entraIssuer(claims, key, authority),
    // `sub` is another one for each application; `oid` is the person, within one directory.
    subjectOf: ({ oid }) => {
      const subject = textOf(oid, 'object_id_missing');
      if (!isUuid(subject)) throw refused('object_id_malformed');
      return subject.toLowerCase();
    },
    emailOf: (claims) => entraEmail(claims, ownDomains),
    rejectionIn: secretFault,
  };
}

function authorityOf(issuer: string): Authority {
  const [, prefix = '', directory = '', suffix = ''] = /^(.*\/)([^/]+)(\/v2\.0\/?)$/.exec(issuer) ?? [];
  return {
    prefix,
    suffix,
    directory: directory.toLowerCase(),
    isShared: sharedDirectories.has(directory.toLowerCase()),
  };
}

function documentIssuersOf(
  issuer: string,
  { prefix, suffix, directory, isShared }: Authority,
): readonly string[] {
  if (!isShared) return [issuer];
  const template = `${prefix}{tenantid}${suffix}`;
  return directory === 'consumers' ? [`${prefix}${consumers}${suffix}`, template] : [template];
}

function mayNameDirectory(named: string, { prefix, suffix, directory, isShared }: Authority): boolean {
  if (!named.startsWith(prefix) || !named.endsWith(suffix)) return false;
  const namedDirectory = named.slice(prefix.length, named.length - suffix.length).toLowerCase();
  return isShared ? isUuid(namedDirectory) : namedDirectory === directory;
}

/** Token, directory and key have to name one and the same issuer. */
function entraIssuer(claims: Claims, key: PublishedKey, authority: Authority): string {
  const { iss, tid, ver } = claims;
  if (ver !== '2.0') throw refused('token_version_refused');
  if (typeof tid !== 'string' || !isUuid(tid)) throw refused('directory_missing');
  const directory = tid.toLowerCase();
  const issuer = `${authority.prefix}${directory}${authority.suffix}`;
  if (typeof iss !== 'string' || !isSameIssuer(iss, issuer, authority)) {
    throw refused('issuer_mismatch', receivedIssuer(iss));
  }
  if (!mayEnter(directory, authority)) throw refused('directory_mismatch');
  if (key.issuer !== undefined && !isSameIssuer(filled(key.issuer, directory), issuer, authority)) {
    throw refused('key_issuer_mismatch');
  }
  return issuer;
}

/** Exact, but for the letter case of the directory's id. */
function isSameIssuer(one: string, issuer: string, { prefix, suffix }: Authority): boolean {
  return one.startsWith(prefix) && one.endsWith(suffix) && one.toLowerCase() === issuer.toLowerCase();
}

function filled(template: string, directory: string): string {
  return template.replace('{tenantid}', () => directory);
}

function mayEnter(directory: string, { directory: asked, isShared }: Authority): boolean {
  if (!isShared) return directory === asked;
  if (asked === 'common') return true;
  return (asked === 'consumers') === (directory === consumers);
}

const verifiedForms: ReadonlySet<unknown> = new Set([true, 1, '1', 'true']);

/**
 * Entra never says `email_verified`, and whoever runs a directory writes any address into it. Only `xms_edov` says
 * that the domain's owner is verified; or the operator, who lists the domains of the one directory, guests excepted.
 */
function entraEmail(claims: Claims, ownDomains: readonly (string | undefined)[]): VouchedEmail {
  const { email, xms_edov: isDomainVerified } = claims;
  if (verifiedForms.has(isDomainVerified)) return vouched(email, { isVerified: true, isAuthoritative: true });
  const claimed = vouched(email, { isVerified: false });
  const isOwn =
    claimed.kind === 'claimed' && ownDomains.includes(domainOf(claimed.address)) && !isGuest(claims);
  return isOwn ? vouched(email, { isVerified: true, isAuthoritative: true }) : claimed;
}

function isGuest({ acct, idp, tid, iss, ...names }: Claims): boolean {
  if (acct !== undefined && acct !== 0 && acct !== '0') return true;
  const isHome = idp === undefined || idp === iss || (typeof idp === 'string' && directoryIn(idp) === tid);
  if (!isHome) return true;
  const { preferred_username: username, upn, email } = names;
  return [username, upn, email].some(
    (name) => typeof name === 'string' && name.toUpperCase().includes('#EXT#'),
  );
}

/** The directory in `https://sts.windows.net/{directory}/`. */
function directoryIn(idp: string): string | undefined {
  return /^https:\/\/[^/]+\/([0-9a-f-]{36})\/(?:v2\.0\/?)?$/i.exec(idp)?.[1]?.toLowerCase();
}

const secretFaults = [
  { code: 7000222, finding: 'client_secret_expired' },
  { code: 7000215, finding: 'client_secret_wrong' },
  { code: 700016, finding: 'client_unknown' },
] as const;

/** Entra's own error number, in a list beside the text or at its head. */
function secretFault({ error_codes: codes, error_description: description }: Claims): string | undefined {
  const head = typeof description === 'string' ? /^AADSTS(\d+):/.exec(description)?.[1] : undefined;
  const told: readonly unknown[] = [...(Array.isArray(codes) ? (codes as unknown[]) : []), Number(head)];
  return secretFaults.find(({ code }) => told.includes(code))?.finding;
}
