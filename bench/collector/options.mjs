// @ts-check
import { parseArgs } from 'node:util';
import { chooseSections } from '../choose-sections.mjs';
import { parseCount } from '../parse-count.mjs';

export const SECTIONS = [
  ...['single', 'batches', 'stats', 'sustained', 'restart', 'storage', 'attack', 'logging'],
  ...['optimisations', 'sizing'],
];
/** These compare two designs in pairs, and say nothing of one alone. */
const COMPARISONS = ['optimisations'];

const HELP = `npm run bench:collector -- [options]

  --seconds N      how long each load lasts (60)
  --users A,B      users in the small and in the large store (100000,1000000)
  --undrained N    reports that a restart finds waiting (1000000)
  --pairs N        how often the designs of a comparison, or logging, take turns (5)
  --only a,b       only these sections: ${SECTIONS.join(', ')}
  --ours-only      leave the other designs out, and Python with them
  --quick          seconds instead of minutes, for a look at whether it works: 1 second,
                   2000 and 5000 users, 5000 undrained, 1 pair
  --out FILE       where the results go (bench/results/collector.json)
  --help`;

const FULL = { seconds: '60', users: '100000,1000000', undrained: '1000000', pairs: '5' };
const QUICK = { seconds: '1', users: '2000,5000', undrained: '5000', pairs: '1' };

/**
 * @typedef {object} Options
 * @property {number} seconds
 * @property {number} smallUsers
 * @property {number} largeUsers
 * @property {number} undrained
 * @property {number} pairs
 * @property {readonly string[]} sections
 * @property {boolean} oursOnly
 * @property {string | undefined} out
 */

/**
 * @param {string[]} args
 * @returns {Options | undefined} nothing where only the help was wanted, which is printed
 */
export function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string' },
      users: { type: 'string' },
      undrained: { type: 'string' },
      pairs: { type: 'string' },
      only: { type: 'string' },
      'ours-only': { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  const size = { ...(values.quick ? QUICK : FULL), ...values };
  const [small, large, ...more] = size.users.split(',');
  if (large === undefined || more.length > 0) throw new Error('--users takes two numbers: A,B');
  const oursOnly = values['ours-only'];
  const usual = SECTIONS.filter((name) => !oursOnly || !COMPARISONS.includes(name));
  return {
    seconds: parseCount('--seconds', size.seconds),
    smallUsers: parseCount('--users', small),
    largeUsers: parseCount('--users', large),
    undrained: parseCount('--undrained', size.undrained),
    pairs: parseCount('--pairs', size.pairs),
    sections: chooseSections(values.only ?? usual.join(','), SECTIONS),
    oursOnly,
    out: values.out,
  };
}
