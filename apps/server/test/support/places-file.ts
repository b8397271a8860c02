import { writeFile } from 'node:fs/promises';

type Value = string | number | readonly string[] | { readonly [key: string]: Value };

/** A network, such as `203.0.113.0/24` or `2001:db8::/32`, and what the database says of it. */
export type Located = { readonly network: string; readonly record: { readonly [key: string]: Value } };

/** A node of the search tree: where a 0 and where a 1 lead. */
type Node = [Branch, Branch];
type Branch = Node | { readonly dataOffset: number } | undefined;

const recordBits = 24;
const separatorBytes = 16;
const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');

/** Writes a small database of places as "MaxMind DB file format 2.0" describes it. */
export async function writePlacesFile(file: string, located: readonly Located[]): Promise<void> {
  const root: Node = [undefined, undefined];
  const data: Buffer[] = [];
  for (const { network, record } of located) {
    const dataOffset = Buffer.concat(data).length;
    data.push(encode(record));
    plant(root, bitsOf(network), dataOffset);
  }
  const nodes = listNodes(root);
  const metadata = {
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    database_type: 'Test-City',
    description: { en: 'Places of documentation networks' },
    ip_version: 6,
    languages: ['en'],
    node_count: nodes.length,
    record_size: recordBits,
  };
  const tree = Buffer.concat(nodes.map((node) => encodeNode(node, nodes)));
  await writeFile(
    file,
    Buffer.concat([tree, Buffer.alloc(separatorBytes), ...data, marker, encode(metadata)]),
  );
}

function plant(root: Node, bits: readonly (0 | 1)[], dataOffset: number): void {
  let node = root;
  for (const bit of bits.slice(0, -1)) {
    const next = node[bit];
    if (Array.isArray(next)) node = next;
    else node = node[bit] = [undefined, undefined];
  }
  node[bits.at(-1) ?? 0] = { dataOffset };
}

function listNodes(node: Node): Node[] {
  return [node, ...node.flatMap((branch) => (Array.isArray(branch) ? listNodes(branch) : []))];
}

function encodeNode(node: Node, nodes: readonly Node[]): Buffer {
  const bytes = Buffer.alloc((2 * recordBits) / 8);
  node.forEach((branch, side) => {
    bytes.writeUIntBE(valueOf(branch, nodes), (side * recordBits) / 8, recordBits / 8);
  });
  return bytes;
}

function valueOf(branch: Branch, nodes: readonly Node[]): number {
  if (branch === undefined) return nodes.length;
  return Array.isArray(branch) ? nodes.indexOf(branch) : nodes.length + separatorBytes + branch.dataOffset;
}

const ipv4Prefix = '0'.repeat(96);

function bitsOf(network: string): (0 | 1)[] {
  const [address = '', length = ''] = network.split('/');
  const isIpv6 = address.includes(':');
  const bits = isIpv6 ? ipv6Bits(address) : ipv4Prefix + ipv4Bits(address);
  const prefixLength = Number(length) + (isIpv6 ? 0 : ipv4Prefix.length);
  return Array.from(bits.slice(0, prefixLength), (bit) => (bit === '1' ? 1 : 0));
}

function ipv4Bits(address: string): string {
  return address
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
}

function ipv6Bits(address: string): string {
  const [left = '', right = ''] = address.split('::');
  const groups = [left, right].map((half) => half.split(':').filter((group) => group !== ''));
  const [before = [], behind = []] = groups;
  const between = Array<string>(8 - before.length - behind.length).fill('0');
  return [...before, ...between, ...behind]
    .map((group) => parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
}

const types = { string: 2, uint32: 6, map: 7, array: 11 } as const;

function encode(value: Value): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([control(types.string, text.length), text]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(types.uint32, bytes.length), bytes]);
  }
  if (isList(value)) return Buffer.concat([control(types.array, value.length), ...value.map(encode)]);
  const entries = Object.entries(value);
  return Buffer.concat([
    control(types.map, entries.length),
    ...entries.flatMap(([key, one]) => [encode(key), encode(one)]),
  ]);
}

const isList = (value: Value): value is readonly string[] => Array.isArray(value);

/** Type and size: three bits and five, where types from 8 on and sizes from 29 on take a byte more. */
function control(type: number, size: number): Buffer {
  const sizeBits = Math.min(size, 29);
  const longSize = size >= 29 ? [size - 29] : [];
  return type > 7
    ? Buffer.from([sizeBits, type - 7, ...longSize])
    : Buffer.from([(type << 5) | sizeBits, ...longSize]);
}
