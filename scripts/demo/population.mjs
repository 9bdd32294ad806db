// @ts-check
import { createRandom } from './random.mjs';
import { createPerson } from './person.mjs';
import { newestOn } from './releases.mjs';

/** Days before the shown ones in which the first release that reports reached the people there were. */
export const LEAD_DAYS = 42;

/** How busy the days of a week are, Sunday first. */
const WEEKDAYS = [0.5, 1, 1.03, 1.04, 1, 0.92, 0.53];

/** The day whose reports were refused in part, and the day on which many came by npx. */
export const DIP_DAYS_AGO = 42;
export const BURST_DAYS_AGO = 13;

/** Of people who come as often as usual, those who were there before the first release that reports. */
const ESTABLISHED_SHARE = 0.36;

/** @typedef {import('./person.mjs').Person} Person */

/**
 * A visit of a person: a day on which they use the program.
 *
 * @typedef {object} Visit
 * @property {Person} person
 * @property {number} release the place of the version they use then
 * @property {boolean} isFirst
 */

/**
 * Makes the days of invented people up, one after another: the same for the same seed. Over all
 * days exactly as many people come as are asked for.
 *
 * @param {object} options
 * @param {number} options.people
 * @param {number} options.days how many days before the last one are shown, the last one included
 * @param {number} [options.leadDays] before these, in which the people there were come for the first time
 * @param {number} options.seed
 * @param {number} options.lastDay numbered since 1970
 * @param {number} [options.dayShare] how much of the last day is over, 0 to 1
 * @param {number} [options.often] how often people come: 1 is as usual
 * @returns {Generator<{ day: number, daysAgo: number, visits: Visit[] }>}
 */
export function* populationByDay({
  people,
  days,
  seed,
  lastDay,
  leadDays = LEAD_DAYS,
  dayShare = 1,
  often = 1,
}) {
  const random = createRandom(seed);
  const span = days + leadDays;
  const shareOf = (/** @type {number} */ daysAgo) => (daysAgo === 0 ? dayShare : 1);
  const weekdayOf = (/** @type {number} */ day) => WEEKDAYS[(day + 4) % 7] ?? 1;
  const arrivals = arrivalsByDay({
    ...{ people, span, leadDays, lastDay, often, weekdayOf, shareOf, random },
  });
  /** @type {Person[]} */
  let present = [];
  let index = 0;
  for (let at = 0; at < span; at += 1) {
    const daysAgo = span - 1 - at;
    const day = lastDay - daysAgo;
    const newest = newestOn(daysAgo);
    const isBurst = daysAgo === BURST_DAYS_AGO;
    const busy = weekdayOf(day) * shareOf(daysAgo) * Math.exp(0.04 * (random() - 0.5));
    /** @type {Visit[]} */
    const visits = [];
    const staying = [];
    for (const person of present) {
      const chance = person.chance * often * busy * (1 + 0.0012 * at);
      if (random() < chance) {
        if (person.release < newest && random() < person.pace) person.release = newest;
        visits.push({ person, release: person.release, isFirst: false });
      }
      if (random() >= person.leave) staying.push(person);
    }
    const { established, fresh } = arrivals[at] ?? { established: 0, fresh: 0 };
    for (let n = 0; n < established + fresh; n += 1) {
      const person = createPerson({
        index,
        isEstablished: n < established,
        isBurst,
        newest,
        random,
      });
      index += 1;
      visits.push({ person, release: person.release, isFirst: true });
      if (person.leave < 1) staying.push(person);
    }
    present = staying;
    yield { day, daysAgo, visits };
  }
}

/**
 * How many people come for the first time on each day: those who were there before by the speed at
 * which people take the first release that reports, the others by the course of growth.
 *
 * @param {object} options
 * @param {number} options.people
 * @param {number} options.span all days
 * @param {number} options.leadDays the first of them
 * @param {number} options.lastDay
 * @param {number} options.often
 * @param {(day: number) => number} options.weekdayOf
 * @param {(daysAgo: number) => number} options.shareOf
 * @param {() => number} options.random
 */
function arrivalsByDay(options) {
  const { people, span, leadDays, lastDay, often, weekdayOf, shareOf, random } = options;
  const established = [];
  const fresh = [];
  for (let at = 0; at < span; at += 1) {
    const daysAgo = span - 1 - at;
    const busy = weekdayOf(lastDay - daysAgo) * shareOf(daysAgo);
    const isBurst = daysAgo === BURST_DAYS_AGO;
    const isAfter = daysAgo === BURST_DAYS_AGO - 1;
    established.push(at < leadDays ? busy * Math.exp(-at / 9) : 0);
    const swing = Math.exp(0.16 * (random() - 0.5));
    fresh.push(busy * swing * (1 + 0.0024 * at) * (1 + often * (isBurst ? 6 : isAfter ? 1.2 : 0)));
  }
  const early = leadDays === 0 ? 0 : Math.round(people * ESTABLISHED_SHARE * Math.min(1, often));
  const [ofEarly, ofLater] = [spread(early, established), spread(people - early, fresh)];
  return ofEarly.map((count, at) => ({ established: count, fresh: ofLater[at] ?? 0 }));
}

/**
 * Spreads a whole number over weights, in whole numbers with the same sum.
 *
 * @param {number} total @param {readonly number[]} weights
 */
function spread(total, weights) {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  let given = 0;
  return weights.map((weight) => {
    sum += weight;
    const upTo = all === 0 ? 0 : Math.round((total * sum) / all);
    const count = upTo - given;
    given = upTo;
    return count;
  });
}
