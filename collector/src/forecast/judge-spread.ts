import { type Change, deviate, type PartDeviation } from './deviate.js';
import { type CellCounts, expectedCells } from './expected-cells.js';
import { expectedShareOf } from './expected-shares.js';
import type { ValueCounts } from './explain-change.js';

/**
 * How a change is spread over the values: `evenly`, `unevenly`, or so few have come that chance may
 * hide either (`unclear`).
 */
export type Spread = 'evenly' | 'unevenly' | 'unclear';

/** A value that is further off its even share than so many deviations speaks against evenness. */
const CHANCE = 2.5;

/** In so many of 100 even changes may one of all values be called uneven by chance. */
const WRONG = 5;

/** In an even change, the share that a value has of it is known to be so near to its even share. */
const TOLERANCE = 0.2;

/** So few who came do not show whether a third of them is gone. */
const LEAST_CAME = 20;

/** For a share to be known, so many deviations are to be within {@link TOLERANCE}. */
const SURE = 2;

/** Tells whether a change is spread evenly, and whether so many people can show that at all. */
export function judgeSpread(
  change: Change,
  values: readonly ValueCounts[],
  cells: readonly CellCounts[] = [],
): Spread {
  const came = change.totals.at(-1) ?? 0;
  const gap = Math.abs(change.expected - came);
  const offs = [
    ...values.map(({ counts }) => deviate(change, expectedShareOf(counts, change), counts)),
    ...expectedCells(cells, change).map((cell, at) => {
      const deviation = deviate(change, cell, cells[at]?.counts ?? []);
      const drift = cell.drift * cell.share * came;
      return { ...deviation, variance: deviation.variance + drift ** 2 };
    }),
  ].map((deviation) => offOf(change, deviation));
  const furthest = Math.max(0, ...offs.map(({ off, chance }) => off / chance));
  if (furthest > Math.sqrt(2 * Math.log((100 / WRONG) * Math.max(offs.length, 1))))
    return 'unevenly';
  const isKnown = offs.every(({ off, chance }) => off + SURE * chance <= TOLERANCE * gap);
  return isKnown && came >= LEAST_CAME && furthest <= CHANCE ? 'evenly' : 'unclear';
}

/** How far a part is off its even share, and how far it may be by chance. */
function offOf(
  { totals, expected }: Change,
  { share, missing, variance }: PartDeviation,
): { readonly off: number; readonly chance: number } {
  const came = totals.at(-1) ?? 0;
  const spared = share ** 2 * came;
  return {
    off: Math.abs(missing - (expected - came) * share),
    // Of a part that nearly all have, the few others differ by chance, not all of it.
    chance: Math.sqrt(Math.max(variance - spared, 1)),
  };
}
