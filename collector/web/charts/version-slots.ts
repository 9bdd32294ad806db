/** A colour and a shape: 1 to 6 of one series each, 0 of all others. */
export type Slot = 0 | 1 | 2 | 3 | 4 | 5 | 6;

const SLOTS = [1, 2, 3, 4, 5, 6] as const;

/**
 * The slots of versions. The n-th version ever seen has slot n modulo 6 for as long as it is among the
 * newest six; then it is one of the others, and the version that came takes its slot. So a new
 * version changes the slot of one old version alone, and the six that are shown all differ.
 *
 * @param known - All versions in the order in which they were first seen. It only ever grows at its end.
 */
export function versionSlots(known: readonly string[]): (version: string) => Slot {
  const firstShown = Math.max(0, known.length - SLOTS.length);
  const slots = new Map(
    known.slice(firstShown).map((version, i) => [version, slotAt(firstShown + i)]),
  );
  return (version) => slots.get(version) ?? 0;
}

const slotAt = (index: number): Slot => SLOTS[index % SLOTS.length] ?? 0;
