import { DAY_MS } from '../rules/day.js';

const UNITS = [
  ['s', 1000, 120],
  ['min', 60_000, 120],
  ['h', 3_600_000, 72],
  ['days', DAY_MS, Infinity],
] as const;

/** A time in words, such as `26 h`. */
export function describeGap(ms: number): string {
  const [unit, length] = UNITS.find(([, size, most]) => ms < size * most) ?? UNITS[3];
  return `${Math.round(ms / length)} ${unit}`;
}
