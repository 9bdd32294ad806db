// @ts-check

/** @typedef {readonly (number | null)[]} Counts */
/** @typedef {(counts: Counts, day: number) => number} Rival forecasts a day from those before it */

/** The same weekday last week: the measure of all others. @type {Rival} */
export const seasonalNaive = (counts, day) => counts[day - 7] ?? counts[day - 14] ?? 0;

/** The day before. @type {Rival} */
const naive = (counts, day) => counts[day - 1] ?? counts[day - 2] ?? 0;

/** @type {Rival} */
const meanOfWeekdays = (counts, day) => {
  const known = [7, 14, 21, 28].map((back) => counts[day - back]).filter((one) => one != null);
  return known.reduce((sum, one) => sum + (one ?? 0), 0) / Math.max(known.length, 1);
};

/**
 * Additive Holt-Winters on logarithms, with usual rates. It is computed anew for each series.
 *
 * @param {Counts} counts
 * @returns {number[]}
 */
function holtWinters(counts, alpha = 0.3, beta = 0.02, gamma = 0.15) {
  const first = counts.slice(0, 14).map((count) => Math.log1p(count ?? 0));
  let level = first.reduce((sum, one) => sum + one, 0) / 14;
  let growth = 0;
  const season = Array.from(
    { length: 7 },
    (_, at) => ((first[at] ?? 0) + (first[at + 7] ?? 0)) / 2 - level,
  );
  return counts.map((count, day) => {
    const at = day % 7;
    const expected = level + growth + (season[at] ?? 0);
    const value = count === null ? expected : Math.log1p(count);
    if (day >= 14) {
      const before = level;
      level = alpha * (value - (season[at] ?? 0)) + (1 - alpha) * (level + growth);
      growth = beta * (level - before) + (1 - beta) * growth;
      season[at] = gamma * (value - level) + (1 - gamma) * (season[at] ?? 0);
    }
    return Math.max(0, Math.expm1(expected));
  });
}

/** @param {Rival} rival @returns {(counts: Counts) => number[]} */
const dayByDay = (rival) => (counts) => counts.map((_, day) => rival(counts, day));

/** What the forecast is compared with, by name. */
export const RIVALS = {
  'the day before': dayByDay(naive),
  'mean of 4 weekdays': dayByDay(meanOfWeekdays),
  'Holt-Winters': (/** @type {Counts} */ counts) => holtWinters(counts),
};
