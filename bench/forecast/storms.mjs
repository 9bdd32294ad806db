// @ts-check
import { countBy, createRandom } from './random.mjs';
import { makeSeries } from './synthetic.mjs';

/**
 * In which share of some falls by 429 answers, with usual refusals before, a problem of counting is
 * found; and in which share of equal falls with usual refusals it is found wrongly.
 *
 * @param {Awaited<ReturnType<import('./load-forecast.mjs')['loadForecast']>>} forecast
 * @param {number} seeds
 */
export function findStorms({ forecastDays, findCountingProblems }, seeds) {
  let flagged = 0;
  let found = 0;
  let wrong = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const random = createRandom(seed + 9000);
    const base = [100, 1000, 10_000][seed % 3] ?? 100;
    const { counts } = makeSeries({ name: 'storm', base }, 104_729 * seed, 150);
    const last = counts.length - 1;
    const refused = Math.round((counts[last] ?? 0) * (0.55 + 0.4 * random()));
    counts[last] = (counts[last] ?? 0) - refused;
    const forecast = forecastDays({ firstDay: 16_000, counts });
    const day = forecast.ok ? forecast.days.at(-2) : undefined;
    if (!day?.flags.includes('low')) continue;
    flagged++;
    const missing = (day.expectation?.expected ?? 0) - (day.observed ?? 0);
    const usual = base * 0.03;
    const others = { kind: 'accepted', observed: day.observed ?? 0, usual: base };
    const ask = (/** @type {number} */ observed) =>
      findCountingProblems(missing, [others, { kind: 'rejected:rate_limited', observed, usual }]);
    if (ask(refused + countBy(random, usual))[0]?.kind === 'rejected:rate_limited') found++;
    if (ask(countBy(random, usual)).length > 0) wrong++;
  }
  return { flagged, found: found / flagged, wrong: wrong / flagged };
}
