import { isIP, isIPv4 } from 'node:net';

const groupsOfNetwork = 4;
const allGroups = 8;

/**
 * Who counts as one sender: an IPv4 address, or the /64 that an IPv6 address lies in, for whoever has one of its
 * addresses has them all. A proxy may put a port behind the address. What is no address at all is one sender, too.
 */
export function networkOf(address: string | undefined): string {
  const bare = withoutPort(address ?? '').replace(/%.*$/, '');
  if (isIPv4(bare)) return bare;
  if (isIP(bare) === 0) return 'unknown';
  const groups = groupsOf(bare);
  return embeddedIPv4(groups) ?? `${groups.slice(0, groupsOfNetwork).join(':')}::/64`;
}

function withoutPort(address: string): string {
  return (
    /^\[(.*)\](?::\d+)?$/.exec(address)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address)?.[1] ?? address
  );
}

/** All eight groups of a valid IPv6 address, without leading zeros. */
function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = address.toLowerCase().split('::');
  const first = writtenGroups(head);
  const last = writtenGroups(tail ?? '');
  const zeros = Array.from({ length: allGroups - first.length - last.length }, () => '0');
  return [...first, ...zeros, ...last];
}

function writtenGroups(part: string): string[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => (isIPv4(group) ? groupsOfIPv4(group) : [withoutZeros(group)]));
}

function withoutZeros(group: string): string {
  return Number.parseInt(group, 16).toString(16);
}

function groupsOfIPv4(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
}

/** RFC 4291 §2.5.5.2: what a socket that takes both families calls an IPv4 sender. */
function embeddedIPv4(groups: readonly string[]): string | undefined {
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return undefined;
  return groups
    .slice(6)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((pair) => [pair >> 8, pair & 255])
    .join('.');
}
