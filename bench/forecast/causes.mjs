// @ts-check
import { countBy, createRandom, normal } from './random.mjs';

const SYSTEMS = ['Windows', 'Linux', 'Darwin'];
const VERSIONS = ['2.3.0', '2.3.1', '2.2.0', '2.4.0'];
const DAYS = 120;

/**
 * @typedef {object} Regression
 * @property {string} name
 * @property {number} people a day
 * @property {number} loss the share of the people of the cell that is lost
 * @property {'both' | 'os' | 'version' | 'none'} of what the lost have in common
 * @property {boolean} [isRollout] whether a version is spreading meanwhile
 * @property {number} [target]
 */

/** @type {readonly Regression[]} */
export const REGRESSIONS = [
  {
    name: 'one system and version of 1000 people',
    people: 1000,
    loss: 1,
    of: 'both',
    target: 0.95,
  },
  { name: 'the same of 3000', people: 3000, loss: 1, of: 'both', target: 0.95 },
  { name: 'the same of 300', people: 300, loss: 1, of: 'both' },
  { name: '80 % of one system and version of 1000', people: 1000, loss: 0.8, of: 'both' },
  {
    name: 'the same while a version spreads',
    people: 1000,
    loss: 1,
    of: 'both',
    isRollout: true,
    target: 0.95,
  },
  { name: 'half of one system', people: 1000, loss: 0.5, of: 'os' },
  { name: '60 % of one version', people: 1000, loss: 0.6, of: 'version' },
  { name: '30 % of all, spread evenly', people: 1000, loss: 0.3, of: 'none' },
];

/**
 * In which share of the flagged falls the right part is named first.
 *
 * @param {Awaited<ReturnType<import('./load-forecast.mjs')['loadForecast']>>} forecast
 * @param {Regression} regression
 * @param {number} seeds
 */
export function nameCauses({ forecastDays, explainChange }, regression, seeds) {
  let byMargins = 0;
  let flagged = 0;
  let right = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const { totals, values, cells, expected } = seedRegression(regression, 7907 * seed);
    const answer = forecastDays({ firstDay: 16_000, counts: totals });
    if (!answer.ok) throw new Error('There are too few days.');
    const days = answer.days.slice(0, -1);
    const last = days.at(-1);
    if (!last?.flags.includes('low')) continue;
    flagged++;
    const change = {
      expected: last.expectation?.expected ?? 0,
      totals: totals.slice(-29),
      isOrdinary: days.slice(-29).map(({ flags }) => flags.length === 0),
    };
    /** @type {<One extends { counts: number[] }>(all: One[]) => One[]} */
    const cut = (all) => all.map((one) => ({ ...one, counts: one.counts.slice(-29) }));
    /** @param {ReturnType<typeof explainChange>} causes */
    const isRight = ([first]) =>
      (first?.where ?? []).map(({ value }) => value).join(' ') === expected;
    if (isRight(explainChange(change, cut(values), cut(cells)))) right++;
    if (isRight(explainChange(change, cut(values)))) byMargins++;
  }
  return { flagged, right: right / flagged, byMargins: byMargins / flagged };
}

/** @param {Regression} regression @param {number} seed */
function seedRegression({ people, loss, of, isRollout }, seed) {
  const random = createRandom(seed);
  const shares = [0.5, 0.3, 0.2].map((share) => share * (0.8 + 0.4 * random()));
  const begins = DAYS - 5 - Math.floor(40 * random());
  const system = Math.floor(2 * random());
  const version = random() < 0.5 ? 0 : 1;
  /** @param {number} at @param {number} day */
  const versionShare = (at, day) => {
    const spread = isRollout ? 0.6 * Math.min(1, Math.max(0, (day - begins) / 20)) : 0.15;
    return [0.5 * (1 - spread), 0.35 * (1 - spread), 0.15 * (1 - spread), spread][at] ?? 0;
  };
  const cells = SYSTEMS.flatMap((_, os) =>
    VERSIONS.map((__, at) => {
      const isHit = {
        both: os === system && at === version,
        os: os === system,
        version: at === version,
        none: true,
      }[of];
      const counts = Array.from({ length: DAYS }, (___, day) => {
        const week = day % 7 > 4 ? (os === 0 ? 0.5 : 0.75) : 1;
        const usual = people * (shares[os] ?? 0) * versionShare(at, day) * week;
        const left = isHit && day === DAYS - 1 ? 1 - loss : 1;
        return countBy(random, usual * Math.exp(0.02 * normal(random)) * left);
      });
      return { os, version: at, values: [SYSTEMS[os] ?? '', VERSIONS[at] ?? ''], counts };
    }),
  );
  /** @param {typeof cells} some */
  const sum = (some) =>
    Array.from({ length: DAYS }, (_, day) =>
      some.reduce((all, { counts }) => all + (counts[day] ?? 0), 0),
    );
  const names = { os: SYSTEMS, version: VERSIONS };
  const values = /** @type {const} */ (['os', 'version']).flatMap((dimension) =>
    names[dimension].map((value, at) => ({
      dimension,
      value,
      counts: sum(cells.filter((cell) => cell[dimension] === at)),
    })),
  );
  const [os = '', ofVersion = ''] = [SYSTEMS[system], VERSIONS[version]];
  const expected = { both: `${os} ${ofVersion}`, os, version: ofVersion, none: '' }[of];
  return { totals: sum(cells), values, cells, expected };
}
