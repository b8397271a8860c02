import { isLoopbackHost } from '../kernel/loopback.ts';
import type { Check } from './check.ts';
import { openGroup } from './check.ts';

export type AddressFacts = {
  readonly publicOrigin: URL;
  readonly appBaseUrl: URL;
  readonly publicUrl: URL;
  readonly bind: { readonly host: string; readonly port: number };
  readonly trustedProxies: readonly string[];
  /** The names of all cookies that browsers are given. */
  readonly cookieNames: readonly string[];
  /** Where each provider sends people back to, byte for byte. */
  readonly redirects: readonly { readonly provider: string; readonly redirectUri: URL }[];
};

const group = openGroup('addresses');

export function addressChecks(facts: AddressFacts): readonly Check[] {
  const { publicOrigin, appBaseUrl, publicUrl, redirects } = facts;
  const elsewhere =
    publicUrl.origin === publicOrigin.origin ? [] : [group.ok('links in mails', publicUrl.origin)];
  return [
    group.ok('public address', `${publicOrigin.origin}${whoReaches(publicOrigin)}`),
    webPagesCheck(publicOrigin, appBaseUrl),
    ...elsewhere,
    cookieCheck(facts),
    ...redirects.map(({ provider, redirectUri }) =>
      group.ok(`redirect URI, ${provider}`, `${redirectUri.href}  (register it letter by letter)`),
    ),
    proxyCheck(facts),
  ];
}

function whoReaches({ hostname }: URL): string {
  return isLoopbackHost(hostname) ? ', for this machine alone' : '';
}

function webPagesCheck({ origin }: URL, { origin: application }: URL): Check {
  const found =
    application === origin
      ? 'those of Gatehouse, at the public address'
      : `at ${application}, which alone may call from elsewhere`;
  return group.ok('web pages', found);
}

/** The browser drops a cookie with `__Host-` that came without `Secure`, and takes neither over plain http. */
function cookieCheck({ publicOrigin, cookieNames }: AddressFacts): Check {
  const isSecure = publicOrigin.protocol === 'https:';
  const flags = isSecure ? 'Secure, HttpOnly, SameSite=Lax' : 'HttpOnly, SameSite=Lax';
  const found = `${cookieNames.join(', ')}: ${flags}`;
  if (cookieNames.every((name) => name.startsWith('__Host-') === isSecure)) return group.ok('cookies', found);
  const why = 'Browsers drop such cookies, and every sign-in ends as it began.';
  return group.failed('cookies', {
    found,
    why,
    mend: 'API_PUBLIC_URL or CLOUDGRID_PUBLIC_URL: the address people use.',
  });
}

/** We speak plain http: with a public https address TLS ends at somebody in front. */
function proxyCheck({ publicOrigin, bind, trustedProxies }: AddressFacts): Check {
  const name = 'proxy in front';
  const where = `${bind.host}:${bind.port === 0 ? '<any>' : bind.port}`;
  if (trustedProxies.length > 0) return group.ok(name, `believed at ${trustedProxies.join(', ')}`);
  if (publicOrigin.protocol !== 'https:') return group.ok(name, `none, on ${where}`);
  const isHere = isLoopbackHost(bind.host);
  return group.warning(name, {
    found: `TLS ends in front of ${where}, and TRUSTED_PROXIES names nobody`,
    why: 'Trail and limits would take every visitor for the proxy: one address for all of them.',
    mend: isHere
      ? `TRUSTED_PROXIES=${bind.host === 'localhost' ? '127.0.0.1' : bind.host}`
      : 'TRUSTED_PROXIES=<address of the proxy>; and CLOUDGRID_BFF_HOST=127.0.0.1 if it runs on this machine.',
  });
}
