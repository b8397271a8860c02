import { BlockList, isIP } from 'node:net';

const loopback = { 4: new BlockList(), 6: new BlockList() };
loopback[4].addSubnet('127.0.0.0', 8, 'ipv4');
loopback[6].addAddress('::1', 'ipv6');

/** `localhost`, what lies below it (RFC 6761 §6.3), 127.0.0.0/8 and ::1, with or without a URL's brackets. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (bare === 'localhost' || bare.endsWith('.localhost')) return true;
  switch (isIP(bare)) {
    case 4:
      return loopback[4].check(bare, 'ipv4');
    case 6:
      return !bare.includes('%') && loopback[6].check(bare, 'ipv6');
    default:
      return false;
  }
}
