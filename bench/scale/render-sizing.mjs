// @ts-check
import { medianOf, renderGrid } from '../table.mjs';

const PEOPLE = [1_000_000, 10_000_000, 100_000_000];
const DAY_SECONDS = 86_400;
const KEYS_DAYS = 35;
/** How much busier the busiest minute is than the mean of the day. */
const PEAK = 10;
const ONE_COLLECTOR = 'PostgreSQL, 1 collector';

/**
 * What numbers of people need on PostgreSQL, computed from what was measured.
 *
 * @param {import('../results.mjs').Results} results
 */
export function renderSizing(results) {
  /** @param {string} section @param {string} label @param {string} key */
  const figure = (section, label, key) =>
    medianOf(results[section]?.rows.find((row) => row.label === label)?.metrics[key]) ?? NaN;
  const counted = figure('counting', ONE_COLLECTOR, 'perSecond');
  const walBytes = figure('counting', ONE_COLLECTOR, 'walBytes');
  const personBytes = figure('space', 'a person, bytes', 'postgres');
  const keyBytes = figure('space', 'the key of a report, bytes', 'postgres');
  if ([counted, walBytes, personBytes, keyBytes].some(Number.isNaN)) return 'Not measured yet.';
  const peak = (/** @type {number} */ people) => (people * PEAK) / DAY_SECONDS;
  /** @param {string} label @param {(people: number) => string} compute */
  const line = (label, compute) => [label, ...PEOPLE.map(compute)];
  return renderGrid([
    ['people who report each day', ...PEOPLE.map((people) => people.toLocaleString('en'))],
    line('reports/s in the busiest minute', (people) => short(peak(people))),
    line('of what one collector counts here, %', (people) => short((100 * peak(people)) / counted)),
    line('people, GB', (people) => short((people * personBytes) / 1e9)),
    line('keys of 35 days, GB', (people) => short((people * KEYS_DAYS * keyBytes) / 1e9)),
    line('WAL a day, GB', (people) => short((people * walBytes) / 1e9)),
  ]);
}

/** @param {number} value */
const short = (value) => String(Number(value.toPrecision(2)));
