import { type AdaptiveBand, createAdaptiveBand } from './adaptive-band.js';
import {
  type DailyCounts,
  type DayForecast,
  type Expectation,
  type Flag,
  type Forecast,
  LEAST_DAYS,
} from './day-forecast.js';
import { beginHistory, FIRST_DAYS } from './begin-history.js';
import { createLevelExperts } from './level-experts.js';
import { medianOf } from './order-statistics.js';
import { createSlowChange } from './slow-change.js';

/** So many remarkable days in a row on one side are a new level. */
const SHIFT_DAYS = 6;

/** A weekday that was remarkable in so many weeks in a row on one side has changed. */
const PATTERN_WEEKS = 3;

/**
 * Tells for each day what was to be expected after the days before it, and which days are
 * remarkable. The same days always have the same answer, and later days change nothing of it.
 */
export function forecastDays({ firstDay, counts, unusualDays = new Set() }: DailyCounts): Forecast {
  const skipped = counts.findIndex((count) => count !== null && count > 0);
  const known = skipped === -1 ? [] : counts.slice(skipped);
  if (known.length < LEAST_DAYS) {
    const error = { code: 'too_few_days', days: known.length, needed: LEAST_DAYS } as const;
    return { ok: false, error };
  }
  const start = firstDay + skipped;
  const step = createSteps(known.slice(0, FIRST_DAYS), start, unusualDays);
  const days = known.map((count, at): DayForecast => {
    const day = start + at;
    if (at < FIRST_DAYS) return { day, expectation: null, observed: count, flags: [] };
    const { expectation, flags } = step(day, count);
    if (at < LEAST_DAYS) return { day, expectation: null, observed: count, flags: [] };
    return { day, expectation, observed: count, flags };
  });
  const { expectation } = step(start + known.length, null);
  const running = { day: start + known.length, expectation, observed: null, flags: [] };
  return { ok: true, days: [...days, running] };
}

/** Creates the function that forecasts one day after the other. */
function createSteps(
  first: readonly (number | null)[],
  firstDay: number,
  unusualDays: ReadonlySet<number>,
): (day: number, count: number | null) => { expectation: Expectation; flags: Flag[] } {
  const begun = beginHistory(first.map((n, at) => (unusualDays.has(firstDay + at) ? null : n)));
  const experts = createLevelExperts(begun);
  const band = createAdaptiveBand();
  const slow = createSlowChange();
  for (const value of begun) slow.learn(value, Math.exp(value));
  /** What accepted shifts add to the history, so that it has no step. */
  let shifted = 0;
  let run: number[] = [];
  /** For each weekday, the mistakes of its remarkable days in a row on one side. */
  const runs = Array.from({ length: 7 }, (): number[] => []);

  return (day, count) => {
    const weekday = (day - firstDay) % 7;
    const forecast = shifted + experts.predict(weekday);
    const expectation = expect(forecast, band);
    const { expected } = expectation;
    const flags: Flag[] = [];
    if (count === null || unusualDays.has(day)) {
      experts.learn(weekday, forecast - shifted, false);
      slow.learn(forecast - shifted, expected);
      return { expectation, flags: count === null ? flags : ['unusual'] };
    }
    const mistake = Math.log1p(count) - forecast;
    const isRemarkable = Math.abs(mistake) > band.remarkable(expected);
    const isOutside = count < expectation.low || count > expectation.high;
    band.learn(mistake, { outside: isOutside, remarkable: isRemarkable });
    run = isRemarkable ? prolong(run, mistake) : [];
    const weeks = (runs[weekday] = isRemarkable ? prolong(runs[weekday] ?? [], mistake) : []);
    if (isRemarkable) flags.push(mistake < 0 ? 'low' : 'high');
    const isNewPattern = weeks.length >= PATTERN_WEEKS;
    const isKept = !isRemarkable || isNewPattern;
    const kept = isKept ? forecast + mistake : forecast;
    if (isNewPattern) experts.forget(weekday);
    experts.learn(weekday, kept - shifted, isKept);
    const change = slow.learn(kept - shifted, expected);
    if (change !== null && !isRemarkable) flags.push(change);
    if (run.length >= SHIFT_DAYS) {
      shifted += medianOf(run);
      flags.push('shift');
      run = [];
    }
    return { expectation, flags };
  };
}

/** A run goes on as long as its mistakes are on one side. */
const prolong = (run: readonly number[], mistake: number): number[] =>
  run.every((one) => one < 0 === mistake < 0) ? [...run, mistake] : [mistake];

/** Bounds are whole numbers, as counts are. */
function expect(forecast: number, band: AdaptiveBand): Expectation {
  const half = band.ordinary();
  const middle = Math.expm1(forecast);
  // Where nobody comes on more than half of the days, that is what is to be expected.
  const expected = middle < 0.5 ? 0 : middle;
  const low = Math.max(0, Math.round(Math.expm1(forecast - half)));
  const high = Math.round(Math.expm1(forecast + half));
  return { expected, low: Math.min(low, Math.round(expected)), high: Math.max(high, low) };
}
