// @ts-check
import { parseArgs } from 'node:util';
import { chooseSections } from '../choose-sections.mjs';
import { parseCount } from '../parse-count.mjs';

export const SECTIONS = ['counting', 'questions', 'space', 'cache', 'outage', 'move', 'failover'];

const HELP = `npm run bench:scale -- [options]

  --users N        people in both stores (1000000)
  --reports N      that each of the rounds of counting counts (60000)
  --rounds N       how often the stores take turns at counting (3)
  --seconds N      how long each question is asked of both stores, and at least ten times (10)
  --backlog N      reports that come while PostgreSQL is down (100000)
  --failovers N    how often the primary is killed (3)
  --moved N        people that are moved (100000)
  --only a,b       only these sections: ${SECTIONS.join(', ')}
  --quick          seconds instead of minutes, for a look at whether it works: 20000 users, 4000 reports,
                   1 round, 1 second, 4000 waiting, 1 failover, 2000 moved
  --out FILE       where the results go (bench/results/scale.json)
  --help`;

const FULL = {
  ...{ users: '1000000', reports: '60000', rounds: '3', seconds: '10' },
  ...{ backlog: '100000', failovers: '3', moved: '100000' },
};
const QUICK = {
  ...{ users: '20000', reports: '4000', rounds: '1', seconds: '1' },
  ...{ backlog: '4000', failovers: '1', moved: '2000' },
};

/**
 * @typedef {object} Options
 * @property {number} users
 * @property {number} reports
 * @property {number} rounds
 * @property {number} seconds
 * @property {number} backlog
 * @property {number} failovers
 * @property {number} moved
 * @property {readonly string[]} sections
 * @property {string | undefined} out
 */

/**
 * @param {string[]} args
 * @returns {Options | undefined} nothing where only the help was wanted, which is printed
 */
export function parseOptions(args) {
  const text = /** @type {const} */ ({ type: 'string' });
  const flag = /** @type {const} */ ({ type: 'boolean', default: false });
  const { values } = parseArgs({
    args,
    options: {
      ...{ users: text, reports: text, rounds: text, seconds: text, backlog: text },
      ...{ failovers: text, moved: text, only: text, out: text, quick: flag, help: flag },
    },
  });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  const {
    only = SECTIONS.join(','),
    out,
    ...size
  } = { ...(values.quick ? QUICK : FULL), ...values };
  return {
    users: parseCount('--users', size.users),
    reports: parseCount('--reports', size.reports),
    rounds: parseCount('--rounds', size.rounds),
    seconds: parseCount('--seconds', size.seconds),
    backlog: parseCount('--backlog', size.backlog),
    failovers: parseCount('--failovers', size.failovers),
    moved: parseCount('--moved', size.moved),
    sections: chooseSections(only, SECTIONS),
    out,
  };
}
