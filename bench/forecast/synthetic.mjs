// @ts-check
import { countBy, createRandom, normal } from './random.mjs';

/**
 * @typedef {object} Process How daily people come about
 * @property {string} name
 * @property {number} base people a day at the beginning
 * @property {number} [noise] deviation of a day, as a share
 * @property {number} [growth] a day, as a share
 * @property {number} [weekend] how many fewer come at week-ends, as a logarithm
 * @property {number} [wandering] how much the level moves a day, as a share
 * @property {number} [echo] which share of a day's noise the next day has too
 * @property {boolean} [hasTails] whether the noise has heavy tails
 */

/** @type {readonly Process[]} */
export const PROCESSES = [
  { name: '10 people a day', base: 10 },
  { name: '100', base: 100 },
  { name: '1000', base: 1000 },
  { name: '10 000', base: 10_000 },
  { name: '1000, noise 10 %', base: 1000, noise: 0.1 },
  { name: '1000, no weeks', base: 1000, weekend: 0, growth: 0 },
  { name: '1000, grows 4-fold a year', base: 1000, growth: 0.004 },
  { name: '1000, shrinks', base: 1000, growth: -0.002 },
  { name: '1000, week-ends at 30 %', base: 1000, weekend: -1.2 },
  { name: '5000, days like their neighbours', base: 5000, noise: 0.05, echo: 0.6 },
  { name: '5000, noise with heavy tails', base: 5000, noise: 0.05, hasTails: true },
];

/** A process whose level nobody can know; it has no oracle. */
export const WANDERING = { name: '5000, level wanders 3 % a day', base: 5000, wandering: 0.03 };

/**
 * Makes a series, and what who knows the process expects of each day.
 *
 * @param {Process} process
 * @param {number} seed
 * @param {number} [days]
 */
export function makeSeries(process, seed, days = 400) {
  const { base, noise = 0.03, growth = 0.001, weekend = -0.4 } = process;
  const { wandering = 0, echo = 0, hasTails = false } = process;
  const random = createRandom(seed);
  const week = [0, 0.02, 0.03, 0.01, -0.05, weekend, 0.9 * weekend];
  let level = Math.log(base);
  let lasting = 0;
  /** @type {number[]} */
  const counts = [];
  /** @type {number[]} */
  const known = [];
  for (let day = 0; day < days; day++) {
    level += growth;
    const usual = level + (week[day % 7] ?? 0);
    known.push(Math.exp(usual + echo * lasting));
    if (wandering > 0) level += wandering * normal(random);
    const tails = hasTails
      ? Math.sqrt((normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2) / 3)
      : 1;
    lasting = echo * lasting + (noise * normal(random)) / tails;
    counts.push(countBy(random, Math.exp(level + (week[day % 7] ?? 0) + lasting)));
  }
  return { counts, known };
}
