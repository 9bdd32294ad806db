import { middleOf } from './geometry.js';
import { textWidth } from './text-width.js';

/**
 * The least width of a plot, in pixels: on a page of 360 px, and of 640 px, where `.alt` appears. Each
 * has names at its right.
 */
export const NARROW_PX = 224;
export const WIDE_PX = 460;

const GAP_PX = 10;
const EDGE_PX = 4;

export interface XLabel {
  readonly slot: number;
  readonly text: string;
  /** Shown on wide pages alone. */
  readonly isAlt: boolean;
  /** Stands below the others. */
  readonly isLower?: boolean;
}

export interface XLabelsOptions {
  /** Every how many slots a label may stand. */
  readonly steps?: readonly number[];
  /** The slot of the first label. */
  readonly first?: number;
  /** The plot stands in a column and is never wide. */
  readonly isNarrow?: boolean;
}

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Steps of days: of whole weeks when not of single days. */
export const DAY_STEPS = [1, 2, 7, 14, 28, 56, 112, 224, 448, 896];

/** As many labels as have room: evenly spaced, and every other one on wide pages alone. */
export function xLabels(
  texts: readonly string[],
  { steps = STEPS, first = 0, isNarrow = false }: XLabelsOptions = {},
): readonly XLabel[] {
  for (const step of steps) {
    const start = first % step;
    const every = (stride: number): readonly number[] =>
      texts.flatMap((_, i) => (i % stride === start % stride && i >= start ? [i] : []));
    const all = every(step);
    if (fits(all, texts, NARROW_PX)) return labelsOf(texts, all, all);
    if (isNarrow || !fits(all, texts, WIDE_PX)) continue;
    const main = all.filter((_, i) => i % 2 === 0);
    if (fits(main, texts, NARROW_PX)) return labelsOf(texts, all, main);
  }
  return texts.length > 0 ? labelsOf(texts, [0], [0]) : [];
}

/** A label for every slot: on two rows if one has no room for them all. */
export function staggeredLabels(texts: readonly string[]): readonly XLabel[] {
  const all = texts.map((_, i) => i);
  if (fits(all, texts, NARROW_PX)) return labelsOf(texts, all, all);
  const upper = all.filter((i) => i % 2 === 0);
  const lower = all.filter((i) => i % 2 === 1);
  if (!fits(upper, texts, NARROW_PX) || !fits(lower, texts, NARROW_PX)) {
    return xLabels(texts, { isNarrow: true });
  }
  return labelsOf(texts, all, all).map((label) => ({ ...label, isLower: label.slot % 2 === 1 }));
}

const labelsOf = (
  texts: readonly string[],
  all: readonly number[],
  main: readonly number[],
): readonly XLabel[] =>
  all.map((slot) => ({ slot, text: texts[slot] ?? '', isAlt: !main.includes(slot) }));

function fits(slots: readonly number[], texts: readonly string[], widthPx: number): boolean {
  let end = -Infinity;
  return slots.every((slot) => {
    const text = texts[slot] ?? '';
    const [from, to] = spanOf(middleOf(slot, texts.length), text, widthPx);
    const isClear = from >= end + GAP_PX;
    end = to;
    return isClear;
  });
}

/** From where to where a label reaches, in pixels. */
function spanOf(x: number, text: string, widthPx: number): readonly [number, number] {
  const width = textWidth(text);
  if (isAtEnd(x, text)) return [widthPx - width, widthPx];
  const from = x * widthPx - width / 2;
  return [from, from + width];
}

/** Whether a label in the middle of its slot would reach over the right edge of a narrow plot. */
export const isAtEnd = (x: number, text: string): boolean =>
  x * NARROW_PX + textWidth(text) / 2 > NARROW_PX + EDGE_PX;
