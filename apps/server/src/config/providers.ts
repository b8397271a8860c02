import { callbackRule, neededWhenListed, readClient, readOidcClient } from './provider-client.ts';
import type { Brand, OidcClient, ProviderClient, ProviderReading } from './provider-client.ts';
import type { ProviderVariable } from './provider-variables.ts';
import type { Rule } from './reading.ts';
import { listOf } from './rules/lists.ts';
import { domains } from './rules/people.ts';
import { baseAddress, issuerAddress } from './rules/web-addresses.ts';
import { oneOf } from './rules/words.ts';

type GithubProvider = ProviderClient & {
  readonly kind: 'github';
  /** Ends without a slash, as `apiUrl` does. */
  readonly baseUrl: string;
  readonly apiUrl: string;
};

type GoogleProvider = OidcClient & { readonly kind: 'google' };

type AzureProvider = OidcClient & {
  readonly kind: 'azure';
  /** `many` where the issuer stands for every directory, or for personal accounts. */
  readonly directory: 'one' | 'many';
  /** In ASCII form; empty unless `directory` is `one`. */
  readonly emailDomains: readonly string[];
};

export type PlatformProvider = GithubProvider | GoogleProvider | AzureProvider;
type ProviderKind = PlatformProvider['kind'];

/** A redirect URI that could be read, by the variable it came from. */
export type RedirectUri = { readonly variable: ProviderVariable; readonly url: URL };

type ReadProviders = {
  /** In the order of the list; undefined after a mistake. */
  readonly providers: readonly PlatformProvider[] | undefined;
  readonly redirects: readonly RedirectUri[];
};

const kinds = ['github', 'google', 'azure'] as const;
const brands = { github: 'GITHUB', google: 'GOOGLE', azure: 'AZURE' } as const satisfies Record<
  ProviderKind,
  Brand
>;
const readers = { github: readGithub, google: readGoogle, azure: readAzure } as const;

const kindsList = listOf(oneOf(kinds), {
  expects: `some of ${kinds.join(', ')}, separated by commas, each once`,
  sameAs: (kind) => kind,
});

export function readProviders(reading: ProviderReading, hasMicrosoft: boolean): ReadProviders {
  const list = readList(reading, hasMicrosoft);
  const listed = mentionedKinds(reading);
  warnOfUnlisted(reading, listed);
  const read = listed.map((kind) => readers[kind](reading));
  const providers = read.filter((provider) => provider !== undefined);
  const isComplete = list !== undefined && providers.length === listed.length;
  return {
    providers: isComplete ? providers : undefined,
    redirects: listed.flatMap((kind) => readRedirect(reading, kind)),
  };
}

function readList(reading: ProviderReading, hasMicrosoft: boolean): readonly ProviderKind[] | undefined {
  const name = 'CLOUDGRID_AUTH_PROVIDERS';
  if (hasMicrosoft && !reading.isGiven(name)) return [];
  return reading.need(name, kindsList, 'with CLOUDGRID_AUTH_MODE sso unless MS_CLIENT_ID is set');
}

/** Looks through a mistake in the list, so that the variables of the providers in it are checked all the same. */
function mentionedKinds(reading: ProviderReading): readonly ProviderKind[] {
  const words = (reading.text('CLOUDGRID_AUTH_PROVIDERS') ?? '').split(',').map((word) => word.trim());
  return [...new Set(words)].flatMap((word) => kinds.find((kind) => kind === word) ?? []);
}

function warnOfUnlisted(reading: ProviderReading, listed: readonly ProviderKind[]): void {
  for (const kind of kinds.filter((one) => !listed.includes(one))) {
    const given = reading.givenNames().find((name) => name.startsWith(`CLOUDGRID_AUTH_${brands[kind]}_`));
    if (given !== undefined)
      reading.warn(given, `has no effect: CLOUDGRID_AUTH_PROVIDERS does not list ${kind}.`);
  }
}

function readRedirect(reading: ProviderReading, kind: ProviderKind): readonly RedirectUri[] {
  const variable = `CLOUDGRID_AUTH_${brands[kind]}_REDIRECT_URI` as const;
  const url = reading.take(variable, callbackRule);
  return url === undefined ? [] : [{ variable, url }];
}

const publicGithub = { baseUrl: 'https://github.com', apiUrl: 'https://api.github.com' };

function readGithub(reading: ProviderReading): GithubProvider | undefined {
  const client = readClient(reading, 'GITHUB');
  const baseUrl = reading.take('CLOUDGRID_AUTH_GITHUB_BASE_URL', baseAddress);
  const givenApiUrl = reading.take('CLOUDGRID_AUTH_GITHUB_API_URL', baseAddress);
  if (client === undefined || baseUrl === undefined) return undefined;
  const isPublic = baseUrl === publicGithub.baseUrl;
  if (isPublic && givenApiUrl !== undefined && givenApiUrl !== publicGithub.apiUrl) {
    const effect =
      'sends the tokens of github.com elsewhere, as CLOUDGRID_AUTH_GITHUB_BASE_URL is not set with it.';
    reading.warn('CLOUDGRID_AUTH_GITHUB_API_URL', effect);
  }
  const apiUrl = givenApiUrl ?? (isPublic ? publicGithub.apiUrl : `${baseUrl}/api/v3`);
  return { kind: 'github', ...client, baseUrl, apiUrl };
}

function readGoogle(reading: ProviderReading): GoogleProvider | undefined {
  const issuer = reading.take('CLOUDGRID_AUTH_GOOGLE_ISSUER', issuerAddress);
  const client = readOidcClient(reading, 'GOOGLE', issuer);
  return client === undefined ? undefined : { kind: 'google', ...client };
}

const directoryShape = /\/(?<directory>[A-Za-z0-9][A-Za-z0-9.-]*)\/v2\.0$/;

const azureIssuer: Rule<string> = {
  expects:
    'https://login.microsoftonline.com/<directory>/v2.0 with the id of a directory, or the same on another host',
  parse(text) {
    const verdict = issuerAddress.parse(text);
    if ('wrong' in verdict || directoryOf(text) !== undefined) return verdict;
    return { wrong: 'does not end in a directory and /v2.0' };
  },
};

function directoryOf(issuer: string): string | undefined {
  return directoryShape.exec(new URL(issuer).pathname)?.groups?.['directory']?.toLowerCase();
}

const manyDirectories = ['common', 'organizations', 'consumers'];

function readAzure(reading: ProviderReading): AzureProvider | undefined {
  const issuer = reading.need('CLOUDGRID_AUTH_AZURE_ISSUER', azureIssuer, neededWhenListed);
  const client = readOidcClient(reading, 'AZURE', issuer);
  const emailDomains = reading.take('CLOUDGRID_AUTH_AZURE_EMAIL_DOMAINS', domains) ?? [];
  const isMany = issuer !== undefined && manyDirectories.includes(directoryOf(issuer) ?? '');
  if (isMany && reading.isGiven('CLOUDGRID_AUTH_AZURE_EMAIL_DOMAINS')) {
    const reason = 'vouches for one directory, but CLOUDGRID_AUTH_AZURE_ISSUER stands for many.';
    reading.mistake(
      'CLOUDGRID_AUTH_AZURE_EMAIL_DOMAINS',
      `${reason} Expected: the issuer of that directory.`,
    );
    return undefined;
  }
  return client && { kind: 'azure', ...client, directory: isMany ? 'many' : 'one', emailDomains };
}
