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
import { fromScale, toScale } from './scale.js';
import { createSortedWindow, type SortedWindow } from './sorted-window.js';
import { createSlowChange } from './slow-change.js';

/** So many remarkable days in a row on one side are a new level. */
const SHIFT_DAYS = 6;

/** A weekday that was remarkable in so many weeks in a row on one side has changed. */
const PATTERN_WEEKS = 3;

/** Nothing is expected that lies further outside of the last days than so, on the scale. */
const BEYOND = { days: 28, most: 0.4 };

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
  const came = createSortedWindow(BEYOND.days);
  for (const value of begun) {
    slow.learn(value, fromScale(value));
    came.add(value);
  }
  /** What accepted shifts add to the history, so that it has no step. */
  let shifted = 0;
  let run: number[] = [];
  /** The same of each weekday. */
  const shiftedWeekdays = Array.from({ length: 7 }, () => 0);
  /** For each weekday, the mistakes of its remarkable days in a row on one side. */
  const runs = Array.from({ length: 7 }, (): number[] => []);

  return (day, count) => {
    const weekday = (day - firstDay) % 7;
    const added = shifted + (shiftedWeekdays[weekday] ?? 0);
    const forecast = bound(added + experts.predict(weekday), came);
    const expectation = expect(forecast, band);
    const { expected } = expectation;
    const flags: Flag[] = [];
    if (count === null || unusualDays.has(day)) {
      experts.learn(weekday, forecast - added, false);
      slow.learn(forecast - added, expected);
      return { expectation, flags: count === null ? flags : ['unusual'] };
    }
    const value = toScale(count);
    const mistake = value - forecast;
    came.add(value);
    const isRemarkable = Math.abs(mistake) > band.remarkable(expected);
    const isOutside = count < expectation.low || count > expectation.high;
    band.learn(mistake, { outside: isOutside, remarkable: isRemarkable });
    run = isRemarkable ? prolong(run, mistake) : [];
    const weeks = (runs[weekday] = isRemarkable ? prolong(runs[weekday] ?? [], mistake) : []);
    if (isRemarkable) flags.push(mistake < 0 ? 'low' : 'high');
    const kept = isRemarkable ? forecast : value;
    experts.learn(weekday, kept - added, !isRemarkable);
    const change = slow.learn(kept - added, expected);
    if (change !== null && !isRemarkable) flags.push(change);
    if (weeks.length >= PATTERN_WEEKS) {
      shiftedWeekdays[weekday] = (shiftedWeekdays[weekday] ?? 0) + medianOf(weeks);
      runs[weekday] = [];
    }
    if (run.length >= SHIFT_DAYS) {
      shifted += medianOf(run);
      flags.push('shift');
      run = [];
      runs.fill([]);
    }
    return { expectation, flags };
  };
}

/** After weeks have changed, the parts of a forecast may not go together for a while. */
const bound = (forecast: number, { sorted }: SortedWindow): number =>
  Math.min(
    Math.max(forecast, (sorted[0] ?? forecast) - BEYOND.most),
    (sorted.at(-1) ?? forecast) + BEYOND.most,
  );

/** A run goes on as long as its mistakes are on one side. */
const prolong = (run: readonly number[], mistake: number): number[] =>
  run.every((one) => one < 0 === mistake < 0) ? [...run, mistake] : [mistake];

/**
 * Bounds are whole numbers, as counts are. A remarkable day is never within them, however far some
 * days outside have widened the band.
 */
function expect(forecast: number, band: AdaptiveBand): Expectation {
  const middle = fromScale(forecast);
  // Where nobody comes on more than half of the days, that is what is to be expected.
  const expected = middle < 0.5 ? 0 : middle;
  const half = Math.min(band.ordinary(), band.remarkable(expected));
  const low = Math.min(Math.ceil(fromScale(forecast - half)), Math.round(expected));
  return { expected, low, high: Math.max(Math.floor(fromScale(forecast + half)), low) };
}
