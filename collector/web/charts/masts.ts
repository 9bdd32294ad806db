import { textWidth } from './text-width.js';
import { NARROW_PX, WIDE_PX } from './x-labels.js';

const PENNANT_PX = 12;
const GAP_PX = 8;
const ROWS = 2;

/** A mast of a release: where it stands and where its name has room. */
export interface Mast {
  /** The first of the two rows is 0; `null` if there is no room for the name, which is in its title. */
  readonly row: number | null;
  /** There is room for the name on wide pages alone. */
  readonly isAlt: boolean;
  /** The pennant flies to the left, since there is no room at the right. */
  readonly isFlipped: boolean;
}

/**
 * Finds room for the names of masts, so that none overlap.
 *
 * @param masts - From left to right; `x` as a share of the plot's width.
 */
export function placeMasts(
  masts: readonly { readonly x: number; readonly name: string }[],
): readonly Mast[] {
  const sides = masts.map(({ x, name }) => isFlipped(x, name));
  const rows = chooseRows(masts, sides, WIDE_PX, () => Array.from({ length: ROWS }, (_, i) => i));
  const narrow = chooseRows(masts, sides, NARROW_PX, (i) => {
    const row = rows[i];
    return row === null || row === undefined ? [] : [row];
  });
  return masts.map((_, i) => ({
    row: rows[i] ?? null,
    isAlt: narrow[i] === null,
    isFlipped: sides[i] ?? false,
  }));
}

const isFlipped = (x: number, name: string): boolean =>
  x * NARROW_PX + PENNANT_PX + textWidth(name) > NARROW_PX;

/** For each mast the first of its possible rows in which its name overlaps none; the newest come first. */
function chooseRows(
  masts: readonly { readonly x: number; readonly name: string }[],
  sides: readonly boolean[],
  widthPx: number,
  possible: (index: number) => readonly number[],
): readonly (number | null)[] {
  const taken: { readonly row: number; readonly from: number; readonly to: number }[] = [];
  const choose = ({ x, name }: { x: number; name: string }, i: number): number | null => {
    const width = PENNANT_PX + textWidth(name);
    const from = x * widthPx - (sides[i] === true ? width : 0);
    const to = from + width;
    const row = possible(i).find((candidate) =>
      taken.every(
        (other) => other.row !== candidate || to + GAP_PX < other.from || from > other.to + GAP_PX,
      ),
    );
    if (row === undefined) return null;
    taken.push({ row, from, to });
    return row;
  };
  return masts.reduceRight<(number | null)[]>((rows, mast, i) => [choose(mast, i), ...rows], []);
}
