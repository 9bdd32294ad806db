interface EmbeddingForm {
  /** The groups that such addresses begin with. */
  readonly begin: readonly number[];
  /** Where the group is that the IPv4 address begins with. */
  readonly at: number;
  /** Whether its bits are inverted. */
  readonly isInverted?: boolean;
}

const FORMS: readonly EmbeddingForm[] = [
  // Mapped (RFC 4291) and translated (RFC 2765).
  { begin: [0, 0, 0, 0, 0, 0xffff], at: 6 },
  { begin: [0, 0, 0, 0, 0xffff, 0], at: 6 },
  // NAT64 (RFC 6052), also of a network's own (RFC 8215).
  { begin: [0x64, 0xff9b, 0, 0, 0, 0], at: 6 },
  { begin: [0x64, 0xff9b, 1, 0, 0, 0], at: 6 },
  // 6to4 (RFC 3056).
  { begin: [0x2002], at: 1 },
  // Teredo (RFC 4380).
  { begin: [0x2001, 0], at: 6, isInverted: true },
];

/** The IPv4 address that the groups of an IPv6 address embed, as text; `undefined` if none. */
export function embeddedIpv4(groups: readonly number[]): string | undefined {
  const form = FORMS.find(({ begin }) => begin.every((group, at) => groups[at] === group));
  if (form === undefined) return undefined;
  const mask = form.isInverted === true ? 0xffff : 0;
  return groups
    .slice(form.at, form.at + 2)
    .map((group) => group ^ mask)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

/** The eight groups of a valid IPv6 address without a zone. */
export function groupsOf(address: string): number[] {
  const plain = address.includes('.') ? withoutDots(address) : address;
  const [head = '', tail] = plain.split('::');
  const numbers = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const first = numbers(head);
  if (tail === undefined) return first;
  const last = numbers(tail);
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}

/** `::ffff:192.0.2.1` as `::ffff:c000:201`. */
const withoutDots = (address: string): string =>
  address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: readonly string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
