// @ts-check
import { DIP_DAYS_AGO, populationByDay } from './population.mjs';
import { fieldsOf } from './program.mjs';
import { createRandom } from './random.mjs';
import { RELEASES } from './releases.mjs';

const DAY_MS = 86_400_000;

/** As many as the collector takes at once. */
const BATCH_REPORTS = 500;

/** Of the visits of the dip day, those whose reports come by a proxy that takes the ID out. */
const BY_PROXY_SHARE = 0.58;

/** Of visits, those whose reports come days later, as from a machine that was offline. */
const LATE_SHARE = 0.015;

/** Days that a late report is late at most. */
const LATEST_DAYS = 4;

/** Of reports, those that are sent twice, because the first answer was lost. */
const TWICE_SHARE = 0.01;

/** Of reports, those with a clock that is days ahead. */
const AHEAD_SHARE = 0.0005;

/** Reports that no collector takes, for each that it does. */
const BROKEN_SHARE = 0.002;

/** Reports of build farms, for each of people. */
const CI_SHARE = 0.02;

const FARMS = ['github-actions', 'github-actions', 'gitlab-ci', 'jenkins'];

/** @typedef {import('headcount/wire').Report} Report */

/**
 * A request with reports.
 *
 * @typedef {object} Delivery
 * @property {number} receivedAt in milliseconds since 1970
 * @property {unknown[]} reports broken ones included
 */

/** @typedef {{ at: number, report: unknown }} Sent */

/**
 * All that the invented people send, day by day, in the order in which it is received.
 *
 * @param {object} options
 * @param {string} options.project
 * @param {number} options.people over all days
 * @param {number} options.days how many days are shown, the running one included
 * @param {Date} options.end the present moment
 * @param {number} [options.seed]
 * @param {number} [options.leadDays] days before the shown ones
 * @param {number} [options.often] how often people come: 1 is as usual
 * @returns {Generator<{ day: number, daysAgo: number, deliveries: Delivery[] }>}
 */
export function* deliveriesByDay({ project, people, days, end, seed = 1, often = 1, leadDays }) {
  const random = createRandom(seed + 1);
  const lastDay = Math.floor(end.getTime() / DAY_MS);
  const dayShare = (end.getTime() % DAY_MS) / DAY_MS;
  /** @type {Map<number, Sent[]>} */
  const later = new Map();
  for (const { day, daysAgo, visits } of populationByDay({
    ...{ people, days, leadDays, seed, lastDay, dayShare, often },
  })) {
    const share = daysAgo === 0 ? dayShare : 1;
    /** @type {Sent[]} */
    const sent = later.get(day) ?? [];
    later.delete(day);
    for (const visit of visits) {
      const reports = reportsOf(visit, { project, day, share, days, daysAgo, random });
      const isByProxy = daysAgo === DIP_DAYS_AGO && !visit.isFirst && random() < BY_PROXY_SHARE;
      const isLate = !isByProxy && daysAgo > LATEST_DAYS && random() < LATE_SHARE;
      for (const { at, report } of reports) {
        if (isLate) {
          const days = 1 + Math.floor((LATEST_DAYS - 1) * random());
          const one = { at: at + days * DAY_MS, report };
          later.set(day + days, [...(later.get(day + days) ?? []), one]);
          continue;
        }
        const arrived = isByProxy ? { ...report, anonymous_id: undefined } : report;
        sent.push({ at, report: arrived });
        if (random() < TWICE_SHARE) sent.push({ at, report: arrived });
      }
    }
    const bounds = { begin: day * DAY_MS, end: day * DAY_MS + share * DAY_MS };
    sent.push(...oddReports({ project, daysAgo, count: sent.length, bounds, random }));
    yield { day, daysAgo, deliveries: toDeliveries(sent, bounds.end - 1) };
  }
}

/**
 * The reports of a visit: the program is started, and then does something or nothing.
 *
 * @param {import('./population.mjs').Visit} visit
 * @param {object} options
 * @param {string} options.project
 * @param {number} options.day
 * @param {number} options.share how much of the day is over
 * @param {number} options.days that are shown
 * @param {number} options.daysAgo
 * @param {() => number} options.random
 */
function reportsOf({ person, release }, { project, day, share, days, daysAgo, random }) {
  const version = RELEASES[release]?.version ?? '';
  const isBasic = person.info.level === 'basic';
  const events = ['startup'];
  const habits = person.habits.map(
    ([event, weight, trend]) =>
      /** @type {const} */ ([event, weight * (1 + trend * Math.max(0, 1 - daysAgo / days))]),
  );
  const more = habits.length === 0 || isBasic ? 0 : Math.floor(2.1 * random());
  for (let n = 0; n < more; n += 1) events.push(weighted(habits, random));
  const spread = (random() + random() + random() - 1.5) * 5;
  const from = (((person.hour + spread + 24) % 24) / 24) * DAY_MS;
  const lastAt = share * DAY_MS - 1000;
  const lost = random() < 0.001 ? 1 + Math.floor(3 * random()) : 0;
  return events.map((event, n) => {
    const wanted = from + n * 20 * 60_000 * random();
    const within = wanted < lastAt ? wanted : lastAt * random();
    const ahead = random() < AHEAD_SHARE ? 3 * DAY_MS : 0;
    const at = day * DAY_MS + Math.floor(within);
    const fields = fieldsOf(event, { ...person, newest: version }, random);
    /** @type {Report} */
    const report = {
      report_id: reportId(at, random),
      anonymous_id: person.id,
      timestamp: new Date(at + ahead).toISOString(),
      ...{ project, event, lost_total: lost },
      info: { ...person.info, version },
      ...(fields && { fields }),
    };
    return { at, report };
  });
}

/** @param {readonly (readonly [string, number])[]} habits @param {() => number} random */
function weighted(habits, random) {
  let left = random() * habits.reduce((sum, [, weight]) => sum + weight, 0);
  return habits.find(([, weight]) => (left -= weight) < 0)?.[0] ?? 'startup';
}

/**
 * Reports of build farms, broken ones, and those that are too old.
 *
 * @param {object} options
 * @param {string} options.project
 * @param {number} options.daysAgo
 * @param {number} options.count of the other reports of the day
 * @param {{ begin: number, end: number }} options.bounds of the day
 * @param {() => number} options.random
 */
function oddReports({ project, daysAgo, count, bounds, random }) {
  /** @type {Sent[]} */
  const odd = [];
  const moment = () => Math.floor(bounds.begin + random() * (bounds.end - bounds.begin));
  const info = {
    ...{ os: 'Linux', os_version: '6.12', arch: 'x64', version: RELEASES[0]?.version ?? '' },
    ...{ runtime: 'node', runtime_version: '22.21', id_source: 'ci', id_persisted: false },
    ...{ container: true, wsl: false, agent: null, channel: 'npm', level: 'full' },
  };
  const make = (/** @type {object} */ changes, at = moment(), madeAt = at) => ({
    at,
    report: {
      report_id: reportId(madeAt, random),
      ...{ timestamp: new Date(madeAt).toISOString(), project, event: 'startup', lost_total: 0 },
      ...changes,
    },
  });
  for (let n = 0; n < Math.round(count * CI_SHARE); n += 1) {
    const ci = FARMS[Math.floor(random() * FARMS.length)] ?? '';
    odd.push(make({ anonymous_id: `ci-${ci}`, info: { ...info, ci }, event: 'build' }));
  }
  for (let n = 0; n < Math.round(count * BROKEN_SHARE); n += 1) {
    const broken = random() < 0.7 ? { anonymous_id: 'b'.repeat(16) } : { anonymous_id: '', info };
    odd.push(make(broken));
  }
  // Made by a machine that was off for longer than the keys of reports are remembered.
  if (daysAgo % 9 === 0) {
    const at = moment();
    odd.push(make({ anonymous_id: '0'.repeat(16), info }, at, at - 50 * DAY_MS));
  }
  return odd;
}

/**
 * In the order of time, as many at once as a request may have.
 *
 * @param {Sent[]} sent @param {number} lastAt
 * @returns {Delivery[]}
 */
function toDeliveries(sent, lastAt) {
  sent.sort((a, b) => a.at - b.at);
  /** @type {Delivery[]} */
  const deliveries = [];
  for (let from = 0; from < sent.length; from += BATCH_REPORTS) {
    const batch = sent.slice(from, from + BATCH_REPORTS);
    const newest = batch[batch.length - 1]?.at ?? 0;
    const receivedAt = Math.min(newest + 60_000, lastAt);
    deliveries.push({ receivedAt, reports: batch.map(({ report }) => report) });
  }
  return deliveries;
}

/** A UUIDv7. @param {number} at @param {() => number} random */
function reportId(at, random) {
  const time = at.toString(16).padStart(12, '0');
  const part = () =>
    Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
  const [a, b] = [part(), part()];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a.slice(0, 3)}-8${a.slice(3, 6)}-${a.slice(6)}00${b}`;
}
