import { BlockList, isIPv6 } from 'node:net';

/** W3C Trace Context §3.2. */
export type TraceParent = { readonly traceId: string; readonly spanId: string; readonly flags: number };

const shape = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const firstVersion = '00-';

/** Undefined where the header is none or malformed: the trace then begins here (§3.2.2.2, §4.3). */
export function parseTraceParent(header: string | string[] | undefined): TraceParent | undefined {
  if (typeof header !== 'string') return undefined;
  const [, traceId, spanId, flags, more] = shape.exec(header) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (more !== undefined && header.startsWith(firstVersion)) return undefined;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) };
}

/** Whether an address is one of these, each `${address}/${prefix}`. */
export function addressMatcher(ranges: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix = ''] = range.split('/');
    list.addSubnet(address, Number(prefix), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return (address) => address !== undefined && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
