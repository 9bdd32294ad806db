import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';

/** Room above the plot for masts and labels, and below it for the labels of x; in pixels. */
export const TOP = 24;
export const BOTTOM = 24;

/** How wide the stretched drawing is in its own units. */
export const INNER_WIDTH = 1000;

export type Scale = (value: number) => number;

const round = (value: number, digits: number): number => {
  const factor = 10 ** digits;
  // + 0: never −0.
  return Math.round(value * factor) / factor + 0;
};

export const pixels = (value: number): number => round(value, 1);

/** `44.8%` for an attribute, of a share within 0 and 1. */
export const percent = (share: number): string =>
  `${round(Math.min(1, Math.max(0, share)) * 100, 2)}%`;

/** The middle of a slot, as a share of the plot's width. */
export const middleOf = (index: number, slots: number): number => (index + 0.5) / slots;

/** Where values lie, in pixels from the top of a chart. */
export function valueScale(low: number, high: number, height: number, top = TOP): Scale {
  const scale = scaleLinear([low, high === low ? low + 1 : high], [height - BOTTOM, top]);
  return (value) => pixels(scale(value));
}

const xOf = (index: number, slots: number): number => pixels(middleOf(index, slots) * INNER_WIDTH);

/** A path that draws nothing. An empty attribute is written without its value, which is no XML. */
const NOTHING = `M0 ${TOP}`;

/** A line through the values; `null` leaves a gap. For the stretched drawing. */
export function linePath(
  values: readonly (number | null)[],
  y: Scale,
  slots: number,
  first = 0,
): string {
  const draw = line<number | null>()
    .defined((value) => value !== null)
    .x((_, i) => xOf(first + i, slots))
    .y((value) => y(value ?? 0));
  return draw(values) ?? NOTHING;
}

/** The area between two values of each slot; `null` leaves a gap. For the stretched drawing. */
export function areaPath(
  ranges: readonly (readonly [low: number, high: number] | null)[],
  y: Scale,
  slots: number,
  first = 0,
): string {
  const draw = area<readonly [number, number] | null>()
    .defined((range) => range !== null)
    .x((_, i) => xOf(first + i, slots))
    .y0((range) => y(range?.[0] ?? 0))
    .y1((range) => y(range?.[1] ?? 0));
  return draw(ranges) ?? NOTHING;
}

/** The places of values without a neighbour: a line through them alone would not be seen. */
export const lonePoints = (values: readonly (number | null)[]): readonly number[] =>
  values.flatMap((value, i) =>
    value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null
      ? [i]
      : [],
  );

/** The runs of slots for which something holds, as `[first, count]`. */
export function runsOf(holds: readonly boolean[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  holds.forEach((held, i) => {
    if (!held) return;
    const last = runs.at(-1);
    if (last !== undefined && last[0] + last[1] === i) last[1] += 1;
    else runs.push([i, 1]);
  });
  return runs;
}
