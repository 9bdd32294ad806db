import { rankVersions } from '../rules/compare-versions.js';
import type { DayWindow } from '../rules/window-counter.js';
import type { ValueWindows } from '../store/questions.js';

/** Days of which it is known when a version came, and when half of the people had it. */
const HISTORY_DAYS = 180;
const WEEK = 7;

/** How a version spread. */
export interface Half {
  /** The day it was first seen, numbered since 1970; `null` if it was there before. */
  readonly firstDay: number | null;
  /** Days from then to that on which half of a week's people had it or a later one. */
  readonly daysToHalf: number | null;
}

/** The days that {@link findHalves} needs the people of, each alone: on one day, nobody has two versions. */
export const historyWindows = (today: number): DayWindow[] =>
  Array.from({ length: HISTORY_DAYS + WEEK }, (_, at) => {
    const day = today - HISTORY_DAYS - WEEK + 1 + at;
    return { firstDay: day, lastDay: day };
  });

/**
 * Finds how versions spread.
 *
 * @param versions - The people with each version in {@link historyWindows}.
 * @param knownFrom - The first day of which everything is kept.
 */
export function findHalves(
  versions: readonly ValueWindows[],
  today: number,
  knownFrom: number,
): ReadonlyMap<string, Half> {
  const start = today - HISTORY_DAYS - WEEK + 1;
  // What was there in the week before the first day has come before.
  const first = Math.max(0, knownFrom - start) + WEEK;
  const counts = new Map(versions.map(({ value, counts: all }) => [value, all]));
  const totals = weekly(sumOf(versions.map(({ counts: all }) => all)));
  const halves = new Map<string, Half>();
  // In place, since a thousand versions would leave as many copies of all days.
  const above = emptyDays();
  const ranked = rankVersions([...counts.keys()]);
  for (const [at, { value, rank }] of ranked.entries()) {
    if (ranked[at - 1]?.rank !== rank) {
      for (let equal = at; ranked[equal]?.rank === rank; equal++) {
        addTo(above, counts.get(ranked[equal]?.value ?? '') ?? []);
      }
    }
    const days = counts.get(value) ?? [];
    const came = days.findIndex((n, day) => n > 0 && day >= first - WEEK);
    if (came < first) {
      halves.set(value, { firstDay: null, daysToHalf: null });
      continue;
    }
    const half = rank === null ? -1 : findHalf(above, totals, came);
    halves.set(value, { firstDay: start + came, daysToHalf: half === -1 ? null : half - came });
  }
  return halves;
}

/** The first day from one on with half of the people of its week; -1 without one. */
function findHalf(counts: readonly number[], totals: readonly number[], from: number): number {
  let sum = 0;
  for (let day = Math.max(0, from - WEEK + 1); day < counts.length; day++) {
    sum += counts[day] ?? 0;
    if (day > from) sum -= counts[day - WEEK] ?? 0;
    if (day >= from && 2 * sum >= (totals[day] ?? 0)) return day;
  }
  return -1;
}

function sumOf(all: readonly (readonly number[])[]): number[] {
  const sums = emptyDays();
  for (const counts of all) addTo(sums, counts);
  return sums;
}

const emptyDays = (): number[] => new Array<number>(HISTORY_DAYS + WEEK).fill(0);

function addTo(sums: number[], counts: readonly number[]): void {
  for (let at = 0; at < counts.length; at++) sums[at] = (sums[at] ?? 0) + (counts[at] ?? 0);
}

/** For each day, the sum over the week that ends with it. */
function weekly(counts: readonly number[]): number[] {
  let sum = 0;
  return counts.map((n, at) => (sum += n - (counts[at - WEEK] ?? 0)));
}
