import type { Addresses } from './addresses.ts';
import type { Mode } from './mode.ts';
import type { Reading } from './reading.ts';
import { outboundEntries, resolvers, trustedProxies } from './rules/network-addresses.ts';
import type { OutboundEntry } from './rules/network-addresses.ts';
import { upstreamOrigin } from './rules/web-addresses.ts';
import type { VariableTable } from './variable.ts';

export const networkVariables = {
  TRUSTED_PROXIES: {
    otherwise: 'none',
    rule: 'Addresses and ranges, separated by commas, of the proxies in front; only from them is `X-Forwarded-*` believed. Never everybody.',
  },
  OUTBOUND_ALLOWED: {
    otherwise: 'none',
    rule: 'Hosts, addresses and ranges of your own network, separated by commas, that a company’s sign-in connection may reach. Metadata addresses never, not even inside a range. No effect yet.',
  },
  DNS_SERVERS: {
    otherwise: 'those of the system',
    rule: 'Resolvers for proving domains: IP addresses, each with `:port` if it is not 53, separated by commas. No effect yet.',
  },
  UPSTREAM_URL: {
    otherwise: 'none',
    rule: 'Address of the application behind the gate: whatever is not ours on this origin goes there, once it is known who asks; the pages move below `/auth/app`. http or https, host and port alone.',
  },
} as const satisfies VariableTable;

type NetworkReading = Reading<keyof typeof networkVariables>;

/** `${address}/${prefix}`; always empty in `local`, where forwarded headers are refused. */
export function readTrustedProxies(reading: NetworkReading, mode: Mode): readonly string[] {
  const proxies = reading.take('TRUSTED_PROXIES', trustedProxies) ?? [];
  if (mode === 'sso') return proxies;
  if (reading.isGiven('TRUSTED_PROXIES')) {
    reading.warn(
      'TRUSTED_PROXIES',
      'has no effect: CLOUDGRID_DEPLOYMENT_MODE is local, where nothing is proxied.',
    );
  }
  return [];
}

export function readOutboundAllowed(reading: NetworkReading): readonly OutboundEntry[] {
  return reading.take('OUTBOUND_ALLOWED', outboundEntries) ?? [];
}

/** Empty: those of the system. */
export function readDnsServers(reading: NetworkReading): readonly string[] {
  return reading.take('DNS_SERVERS', resolvers) ?? [];
}

export function readUpstream(reading: NetworkReading, addresses: Addresses | undefined): URL | undefined {
  const upstream = reading.take('UPSTREAM_URL', upstreamOrigin);
  if (upstream === undefined || upstream.origin !== addresses?.publicOrigin.origin) return upstream;
  reading.mistake('UPSTREAM_URL', 'is this server itself. Expected: the application behind it.');
  return undefined;
}
