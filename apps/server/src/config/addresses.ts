import type { RedirectUri } from './providers.ts';
import type { Reading } from './reading.ts';
import { loopbackOrigin, publicOrigin } from './rules/web-addresses.ts';
import type { VariableTable } from './variable.ts';

export const addressVariables = {
  API_PUBLIC_URL: {
    otherwise: '`CLOUDGRID_PUBLIC_URL`, then the one origin of the redirect URIs',
    rule: 'Public address of this server: issuer of its tokens, and where Microsoft returns to (`/api/v1/auth/microsoft/callback` below it). Where redirect URIs are set too, they lie on it. Needed with `MS_CLIENT_ID`.',
  },
  APP_BASE_URL: {
    otherwise: '`CLOUDGRID_PUBLIC_URL`, then the public address of this server',
    rule: 'Public address of the single-page application, the one origin besides our own that may call with credentials. Needed with `MS_CLIENT_ID`.',
  },
  CLOUDGRID_PUBLIC_URL: {
    otherwise: '`APP_BASE_URL`, then the public address of this server',
    rule: 'The address in mails. Without `API_PUBLIC_URL` also the public address of this server, on which the redirect URIs then lie.',
  },
} as const satisfies VariableTable;

type AddressReading = Reading<keyof typeof addressVariables>;

/** Each is an origin: no path, query or fragment. https, or http on a loopback host. */
export type Addresses = {
  /** Of this server, as browsers and providers see it. Cookie prefix and `Secure` follow its scheme. */
  readonly publicOrigin: URL;
  /** Of the single-page application. */
  readonly appBaseUrl: URL;
  /** Of the links in mails. */
  readonly publicUrl: URL;
};

type PublicFacts = { readonly hasMicrosoft: boolean; readonly redirects: readonly RedirectUri[] };

export function readAddresses(
  reading: AddressReading,
  { hasMicrosoft, redirects }: PublicFacts,
): Addresses | undefined {
  const because = 'with MS_CLIENT_ID';
  const read = (name: keyof typeof addressVariables) =>
    hasMicrosoft ? reading.need(name, publicOrigin, because) : reading.take(name, publicOrigin);
  const api = read('API_PUBLIC_URL');
  const app = read('APP_BASE_URL');
  const mails = reading.take('CLOUDGRID_PUBLIC_URL', publicOrigin);
  const anchor = anchorOf(reading, { api, mails, redirects });
  if (anchor !== undefined) refuseOtherOrigins(reading, redirects, anchor);
  const redirectOrigin = redirects[0] && new URL(redirects[0].url.origin);
  const own = api ?? mails ?? redirectOrigin;
  if (own === undefined) return undefined;
  return { publicOrigin: own, appBaseUrl: app ?? mails ?? own, publicUrl: mails ?? app ?? own };
}

type Anchor = { readonly variable: string; readonly origin: string };
type Found = {
  readonly api: URL | undefined;
  readonly mails: URL | undefined;
  readonly redirects: readonly RedirectUri[];
};

/** What the redirect URIs have to agree with: the address of this server, or the first of them where none was read. */
function anchorOf(reading: AddressReading, { api, mails, redirects }: Found): Anchor | undefined {
  if (api !== undefined) return { variable: 'API_PUBLIC_URL', origin: api.origin };
  const isMailsOwn = !reading.isGiven('API_PUBLIC_URL') && mails !== undefined;
  if (isMailsOwn) return { variable: 'CLOUDGRID_PUBLIC_URL', origin: mails.origin };
  const [first] = redirects;
  return first && { variable: first.variable, origin: first.url.origin };
}

function refuseOtherOrigins(
  reading: AddressReading,
  redirects: readonly RedirectUri[],
  anchor: Anchor,
): void {
  const hint =
    anchor.variable === 'CLOUDGRID_PUBLIC_URL'
      ? 'Expected: one origin for both, or API_PUBLIC_URL for this server where mails lead elsewhere.'
      : 'Expected: one origin for both.';
  for (const { variable, url } of redirects) {
    if (url.origin === anchor.origin) continue;
    reading.mistake(variable, `is on another origin than ${anchor.variable}. ${hint}`);
  }
}

/** In `local`, where this server answers for loopback hosts alone. With port 0 the listener knows the port, not we. */
export function readLocalAddresses(
  reading: AddressReading,
  bind: { readonly host: string; readonly port: number } | undefined,
): Addresses | undefined {
  const api = reading.take('API_PUBLIC_URL', loopbackOrigin);
  const app = reading.take('APP_BASE_URL', loopbackOrigin);
  const mails = reading.take('CLOUDGRID_PUBLIC_URL', loopbackOrigin);
  const own = api ?? mails ?? (bind && new URL(`http://localhost:${bind.port}`));
  return own && { publicOrigin: own, appBaseUrl: app ?? mails ?? own, publicUrl: mails ?? app ?? own };
}
