import { BlockList, isIP } from 'node:net';
import { isLoopbackHost } from '../../kernel/loopback.ts';
import type { Rule } from '../reading.ts';
import { listOf } from './lists.ts';
import type { NonEmpty } from './lists.ts';

type IpFamily = 'ipv4' | 'ipv6';

/** A single address is a range of full length. */
type IpRange = {
  readonly kind: 'range';
  readonly address: string;
  readonly prefix: number;
  readonly family: IpFamily;
};

/** What company connections may reach inside the operator's network. */
export type OutboundEntry = IpRange | { readonly kind: 'host'; readonly host: string };

const hostShape =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** A name in ASCII form. What only looks like an address (`10.0.0.300`) is none. */
export function isHostName(text: string): boolean {
  return hostShape.test(text) && !/(?:^|\.)\d+$/.test(text);
}

export function familyOf(text: string): IpFamily | undefined {
  const version = isIP(text);
  if (version === 0 || text.includes('%')) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}

export const bindHost: Rule<string> = {
  expects: 'an IP address or a host name',
  parse: (text) =>
    familyOf(text) !== undefined || isHostName(text.toLowerCase())
      ? { value: text }
      : { wrong: 'is neither an IP address nor a host name' },
};

export const loopbackBindHost: Rule<string> = {
  expects: 'a loopback address such as 127.0.0.1, as CLOUDGRID_DEPLOYMENT_MODE is local',
  parse: (text) => (isLoopbackHost(text) ? { value: text } : { wrong: 'is not a loopback address' }),
};

function parseRange(text: string): IpRange | undefined {
  const [address = '', length, ...more] = text.split('/');
  const family = familyOf(address);
  if (family === undefined || more.length > 0) return undefined;
  const bits = family === 'ipv4' ? 32 : 128;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const prefix = length === undefined ? bits : Number(length);
  return prefix <= bits ? { kind: 'range', address, prefix, family } : undefined;
}

const proxy: Rule<string> = {
  expects: 'an IP address or range',
  parse(text) {
    const range = parseRange(text);
    if (range === undefined) return { wrong: 'is neither an IP address nor a range' };
    return range.prefix === 0 ? { wrong: 'trusts everybody' } : { value: `${range.address}/${range.prefix}` };
  },
};

export const trustedProxies: Rule<NonEmpty<string>> = listOf(proxy, {
  expects: 'IP addresses and ranges such as 10.0.0.0/8, separated by commas, never all addresses',
});

/** Where clouds tell a machine its own credentials. Nothing a company configures may ever reach these. */
const metadataHosts = [
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
];
const metadataAddresses = new BlockList();
metadataAddresses.addSubnet('169.254.0.0', 16, 'ipv4'); // RFC 3927; AWS, Azure, Google, container credentials
metadataAddresses.addAddress('100.100.100.200', 'ipv4'); // Alibaba
metadataAddresses.addAddress('168.63.129.16', 'ipv4'); // Azure
metadataAddresses.addAddress('192.0.0.192', 'ipv4'); // Oracle
metadataAddresses.addSubnet('fd00:ec2::', 32, 'ipv6'); // AWS
metadataAddresses.addAddress('fd20:ce::254', 'ipv6'); // Google
metadataAddresses.addSubnet('fe80::', 10, 'ipv6'); // RFC 4291 §2.5.6

const outboundEntry: Rule<OutboundEntry> = {
  expects: 'a host name, an IP address or a range',
  parse(text) {
    const range = parseRange(text);
    if (range === undefined) return parseOutboundHost(text.toLowerCase());
    if (range.prefix === 0) return { wrong: 'opens every network' };
    if (metadataAddresses.check(range.address, range.family))
      return { wrong: 'is a metadata or link-local address' };
    return { value: range };
  },
};

function parseOutboundHost(host: string): ReturnType<typeof outboundEntry.parse> {
  if (metadataHosts.includes(host)) return { wrong: 'is the host of a metadata service' };
  return isHostName(host)
    ? { value: { kind: 'host', host } }
    : { wrong: 'is neither a host name nor an IP range' };
}

export const outboundEntries: Rule<NonEmpty<OutboundEntry>> = listOf(outboundEntry, {
  expects:
    'host names, IP addresses and ranges without ports, separated by commas, never all or a metadata address',
});

const resolver: Rule<string> = {
  expects: 'an IP address',
  parse(text) {
    const parts = /^(?:\[(?<six>[^\]]+)\]|(?<four>[\d.]+))(?::(?<port>\d{1,5}))?$/.exec(text)?.groups;
    const address = parts?.['six'] ?? parts?.['four'] ?? text;
    const port = Number(parts?.['port'] ?? 53);
    const isAddress = familyOf(address) !== undefined && port >= 1 && port <= 65_535;
    return isAddress ? { value: text } : { wrong: 'is not an IP address' };
  },
};

/** In the form that `dns.setServers` takes. */
export const resolvers: Rule<NonEmpty<string>> = listOf(resolver, {
  expects:
    'IP addresses, each with a port if it is not 53 (10.0.0.2:5353, [fd00::2]:5353), separated by commas',
});
