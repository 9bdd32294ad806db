// @ts-check
import { parseArgs } from 'node:util';
import { chooseSections } from '../choose-sections.mjs';
import { parseCount } from '../parse-count.mjs';

export const SECTIONS = [
  'import',
  'first-track',
  'track',
  'cli',
  'exit',
  'blocking',
  'server',
  'evaluated',
  'size',
];

const HELP = `npm run bench:client -- [options]

  --pairs N            runs of each contender, alternating with the app without telemetry (100)
  --sections a,b       only these: ${SECTIONS.join(', ')}
  --server-seconds N   how long the server app runs (30)
  --headcount-only     leave the peers out, and install none
  --this-node-only     measure on the Node.js that runs this, and install no other; needs no network
                       if it is given with --headcount-only
  --out FILE           where the results go (bench/results/client.json)
  --help`;

/**
 * @typedef {object} Options
 * @property {number} pairs
 * @property {readonly string[]} sections
 * @property {number} serverSeconds
 * @property {boolean} headcountOnly
 * @property {boolean} thisNodeOnly
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
      pairs: { type: 'string', default: '100' },
      sections: { type: 'string', default: SECTIONS.join(',') },
      'server-seconds': { type: 'string', default: '30' },
      'headcount-only': { type: 'boolean', default: false },
      'this-node-only': { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  return {
    pairs: parseCount('--pairs', values.pairs),
    sections: chooseSections(values.sections, SECTIONS),
    serverSeconds: parseCount('--server-seconds', values['server-seconds']),
    headcountOnly: values['headcount-only'],
    thisNodeOnly: values['this-node-only'],
    out: values.out,
  };
}
