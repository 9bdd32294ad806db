import type { ActivityBits } from '../../rules/activity-bits.js';
import { mergeSaid, type SaidDays, type SaidValues } from '../../rules/said-values.js';
import type { Resolve } from './resolve.js';
import { VarintReader, VarintWriter } from './varints.js';

/** Bits of a part: few people are active on more days, and it is a number without loss. */
const PART_BITS = 48;
const PART = 2 ** PART_BITS;
const PART_SHIFT = BigInt(PART_BITS);

/** One for all rows, since each is written whole. */
const writer = new VarintWriter();

/**
 * Encodes what a user said, value by value: its ID, the days between its last day and the user's, how
 * many parts its bits have, and these, the newest first. All numbers are unsigned LEB128.
 */
export function encodeSaid(said: SaidValues<number>, lastDay: number): Buffer {
  for (const [valueId, days] of said) {
    writer.write(valueId);
    writer.write(lastDay - days.lastDay);
    if (days instanceof StoredDays) {
      writer.write(days.parts);
      writer.copy(days.bytes);
      continue;
    }
    const parts = partsOf(days.bits);
    writer.write(parts.length);
    for (const part of parts) writer.write(part);
  }
  return writer.take();
}

/** Reads what {@link encodeSaid} wrote. Values that became one are one. */
export function decodeSaid(
  blob: Uint8Array,
  lastDay: number,
  resolve: Resolve = (id) => id,
): SaidValues<number> {
  let said = new Map<number, SaidDays>();
  eachSaid(blob, (id, daysBefore, days) => {
    const valueId = resolve(id);
    if (valueId === NO_VALUE) return;
    const stored = new StoredDays(lastDay - daysBefore, days.parts, days.bytes);
    if (!said.has(valueId)) said.set(valueId, stored);
    else said = new Map(mergeSaid(said, new Map([[valueId, stored]]), lastDay));
  });
  return said;
}

/** Days as a row has them. A report says few of a user's values, so the bits of most are not read. */
class StoredDays implements SaidDays {
  #bits: ActivityBits | undefined;

  constructor(
    readonly lastDay: number,
    readonly parts: number,
    readonly bytes: Uint8Array,
  ) {}

  get mostDays(): number {
    return this.parts * PART_BITS;
  }

  get bits(): ActivityBits {
    return (this.#bits ??= joinParts(this.bytes));
  }
}

/** The ID that values of a dimension that has no place any more count under: none. */
export const NO_VALUE = 0;

/** Tells each value of what {@link encodeSaid} wrote. */
export function eachSaid(
  blob: Uint8Array,
  tell: (
    valueId: number,
    daysBefore: number,
    days: { readonly parts: number; readonly bytes: Uint8Array },
  ) => void,
): void {
  const reader = new VarintReader(blob);
  while (!reader.isAtEnd) {
    const [valueId, daysBefore, parts] = [reader.read(), reader.read(), reader.read()];
    tell(valueId, daysBefore, { parts, bytes: reader.skip(parts) });
  }
}

function joinParts(bytes: Uint8Array): ActivityBits {
  const reader = new VarintReader(bytes);
  let bits: ActivityBits = 0n;
  for (let shift = 0n; !reader.isAtEnd; shift += PART_SHIFT) {
    const part = BigInt(reader.read());
    bits = shift === 0n ? part : bits | (part << shift);
  }
  return bits;
}

function partsOf(bits: ActivityBits): number[] {
  if (bits < PART) return [Number(bits)];
  const parts: number[] = [];
  for (let rest = bits; rest > 0n; rest >>= PART_SHIFT) {
    parts.push(Number(BigInt.asUintN(PART_BITS, rest)));
  }
  return parts;
}
