// @ts-check
import { countBy, createRandom } from './random.mjs';
import { makeSeries } from './synthetic.mjs';

/** @type {readonly { base: number, share: number, target?: number }[]} */
export const FALLS = [
  { base: 10_000, share: 0.2 },
  { base: 1000, share: 0.2, target: 0.9 },
  { base: 1000, share: 0.3 },
  { base: 100, share: 0.5, target: 0.95 },
  { base: 10, share: 1 },
];

/**
 * In which share of some series a fall is found on its first or second day.
 *
 * @param {typeof import('../../collector/src/forecast/forecast-days.js').forecastDays} forecastDays
 * @param {typeof FALLS[number]} fall
 * @param {number} seeds
 */
export function findFalls(forecastDays, { base, share }, seeds) {
  let found = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const first = 120 + (seed % 70);
    const random = createRandom(seed + 5000);
    const { counts } = makeSeries({ name: 'fall', base }, 7919 * seed, first + 2);
    const fallen = counts.map((count, at) =>
      at < first ? count : countBy(random, count * (1 - share)),
    );
    const forecast = forecastDays({ firstDay: 16_000, counts: fallen });
    if (forecast.ok && forecast.days.slice(-3).some(({ flags }) => flags.includes('low'))) found++;
  }
  return found / seeds;
}
