import { type Scale, valueScale } from './geometry.js';
import { valueTicks } from './ticks.js';

export interface TimeAxis {
  readonly ticks: readonly number[];
  readonly y: Scale;
}

/** The axis of values from zero; a logarithmic one from the power of ten below the smallest. */
export function timeAxis(
  values: readonly number[],
  height: number,
  isLogarithmic: boolean,
): TimeAxis {
  if (!isLogarithmic) {
    const ticks = valueTicks(Math.min(0, ...values), Math.max(0, ...values), { whole: false });
    return { ticks, y: valueScale(ticks[0] ?? 0, ticks.at(-1) ?? 1, height) };
  }
  const positive = values.filter((value) => value > 0);
  const low = Math.floor(Math.log10(Math.min(1, ...positive)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(10, ...positive))));
  const scale = valueScale(low, high, height);
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
    y: (value) => scale(Math.max(low, Math.log10(Math.max(value, 10 ** low)))),
  };
}
