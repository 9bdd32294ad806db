/** A record of a file in MaxMind's format, as far as tests need it. */
export type MmdbValue = string | number | { readonly [name: string]: MmdbValue };

/** The bits of a network's address up to its length, and what it stands for. */
export interface MmdbNetwork {
  readonly bits: readonly number[];
  readonly record: MmdbValue;
}

type Child = Node | number | undefined;
interface Node {
  children: [Child, Child];
}

const MARK = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');

/**
 * Writes a file in MaxMind's format, by its specification, with records of 24 bits.
 *
 * @param ipVersion - In files of version 6, IPv4 addresses are below `::/96`.
 */
export function writeMmdb(networks: readonly MmdbNetwork[], ipVersion: 4 | 6): Buffer {
  const data: Buffer[] = [];
  const offsets = networks.map(({ record }) => {
    const at = data.reduce((sum, { length }) => sum + length, 0);
    data.push(encode(record));
    return at;
  });
  const root: Node = { children: [undefined, undefined] };
  const order = networks
    .map((network, at) => ({ ...network, at }))
    .sort((a, b) => a.bits.length - b.bits.length);
  for (const { bits, at } of order) insert(root, bits, at);
  const nodes: Node[] = [];
  const number = (node: Node): void => {
    nodes.push(node);
    for (const child of node.children) if (typeof child === 'object') number(child);
  };
  number(root);
  const places = new Map(nodes.map((node, at) => [node, at]));
  const tree = Buffer.alloc(nodes.length * 6);
  for (const [at, { children }] of nodes.entries()) {
    for (const [side, child] of children.entries()) {
      const value =
        typeof child === 'object'
          ? (places.get(child) ?? 0)
          : nodes.length + (child === undefined ? 0 : 16 + (offsets[child] ?? 0));
      tree.writeUIntBE(value, at * 6 + side * 3, 3);
    }
  }
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    database_type: 'test',
    ip_version: ipVersion,
    node_count: nodes.length,
    record_size: 24,
  });
  return Buffer.concat([tree, Buffer.alloc(16), ...data, MARK, metadata]);
}

function insert(node: Node, [bit = 0, ...rest]: readonly number[], value: number): void {
  const side = bit === 0 ? 0 : 1;
  if (rest.length === 0) {
    node.children[side] = value;
    return;
  }
  const child = node.children[side];
  const inner: Node = typeof child === 'object' ? child : { children: [child, child] };
  node.children[side] = inner;
  insert(inner, rest, value);
}

function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([Buffer.from([(2 << 5) | text.length]), text]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([Buffer.from([(6 << 5) | 4]), bytes]);
  }
  const members = Object.entries(value);
  return Buffer.concat([
    Buffer.from([(7 << 5) | members.length]),
    ...members.flatMap(([name, member]) => [encode(name), encode(member)]),
  ]);
}
