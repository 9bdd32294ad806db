// @ts-check
import { RIVALS, seasonalNaive } from './rivals.mjs';

/** Days that are not measured: twelve weeks to learn from. */
export const WARM_UP_DAYS = 84;

/**
 * Measures the forecast of a series.
 *
 * @param {typeof import('../../collector/src/forecast/forecast-days.js').forecastDays} forecastDays
 * @param {readonly (number | null)[]} counts
 * @param {{ firstDay?: number, known?: readonly number[], isOrdinary?: (day: number) => boolean }} [options]
 */
export function measure(
  forecastDays,
  counts,
  { firstDay = 16_000, known, isOrdinary = () => true } = {},
) {
  const forecast = forecastDays({ firstDay, counts });
  if (!forecast.ok) throw new Error(`The series has ${forecast.error.days} days only.`);
  const byDay = new Map(forecast.days.map((one) => [one.day, one]));
  const days = counts.flatMap((count, at) => {
    const { expectation, flags = [] } = byDay.get(firstDay + at) ?? {};
    if (at < WARM_UP_DAYS || count === null || !expectation) return [];
    return [{ at, count, expectation, flags }];
  });
  /** @param {(one: typeof days[number]) => number} expected */
  const errorOf = (expected) =>
    days.reduce((sum, one) => sum + Math.abs(expected(one) - one.count), 0) / days.length;
  const naive = errorOf(({ at }) => seasonalNaive(counts, at));
  const ordinary = days.filter(({ at }) => isOrdinary(firstDay + at));
  const flagged = ordinary.filter(({ flags }) => flags.length > 0);
  const inside = days.filter(
    ({ count, expectation }) => count >= expectation.low && count <= expectation.high,
  );
  return {
    /** The mean error, in those of the seasonal naive. */
    error: errorOf(({ expectation }) => expectation.expected) / naive,
    /** The same, in those of who knows the process. */
    ofKnown:
      known &&
      errorOf(({ expectation }) => expectation.expected) / errorOf(({ at }) => known[at] ?? 0),
    rivals: Object.fromEntries(
      Object.entries(RIVALS).map(([name, rival]) => {
        const expected = rival(counts);
        return [name, errorOf(({ at }) => expected[at] ?? 0) / naive];
      }),
    ),
    coverage: inside.length / days.length,
    flags: (100 * flagged.length) / Math.max(ordinary.length, 1),
  };
}
