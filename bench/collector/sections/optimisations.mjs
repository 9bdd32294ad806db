// @ts-check
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { summarize } from '../../statistics.mjs';
import { putLoad } from '../load.mjs';
import { NEW_SHARE } from '../measure-load.mjs';
import { readTables, WHOLE } from '../read-tables.mjs';

const QUESTIONERS = 8;
const SENDERS = 256;

/**
 * @typedef {import('../contenders.mjs').Contender} Contender
 *
 * What the first generation's manual claims for each of its optimisations, and the figure here that it
 * would change.
 *
 * @typedef {object} Claim
 * @property {string} label
 * @property {string} claim
 * @property {keyof Figures} figure
 * @property {number} digits
 * @property {number} [atLeast] the ratio that meets the claim
 * @property {number} [atMost]
 *
 * @typedef {{ answers: number, answerUs: number, reports: number, reportUs: number, peakMb: number,
 *   bytes: number }} Figures
 */

/** @type {readonly Claim[]} */
const CLAIMS = [
  {
    ...{ label: 'database: answers to /stats a second', claim: 'queries 50 % faster' },
    ...{ figure: 'answers', digits: 1, atLeast: 1.5 },
  },
  {
    ...{ label: 'the same: processor time an answer, µs', claim: '' },
    ...{ figure: 'answerUs', digits: 0, atMost: 0.67 },
  },
  {
    ...{
      label: `network: reports a second of ${SENDERS} senders`,
      claim: '3 times as many at once',
    },
    ...{ figure: 'reports', digits: 0, atLeast: 3 },
  },
  {
    ...{ label: 'the same: processor time a report, counting included, µs', claim: '' },
    ...{ figure: 'reportUs', digits: 0, atMost: 0.33 },
  },
  {
    ...{ label: 'memory: its peak under this load, MB', claim: '20 % less' },
    ...{ figure: 'peakMb', digits: 0, atMost: 0.8 },
  },
  {
    ...{ label: 'storage: bytes on disk a user', claim: '40 % less' },
    ...{ figure: 'bytes', digits: 1, atMost: 0.6 },
  },
];

/** @type {import('../section.mjs').Section} */
export const optimisations = {
  name: 'optimisations',
  title: 'The first generation’s table of optimisations',
  columns: [
    { key: 'claim', label: 'its manual claims' },
    { key: 'ours', label: 'Headcount', digits: 1 },
    { key: 'theirs', label: 'first generation’s design', digits: 1 },
    { key: 'ratio', label: 'ratio', digits: 2 },
    { key: 'wanted', label: 'ratio that meets it' },
    { key: 'verdict', label: '' },
  ],
  note:
    'Both designs in one run, in turns, on the small store; the side that goes first changes with ' +
    'each pair. Figures are medians of the pairs with the lowest and the highest; the ratio is the ' +
    `median of the pairs’ ratios. ${QUESTIONERS} connections ask, ${SENDERS} connections post one report a ` +
    'request. On disk: the file of users, of whom each has reported once.',
  async measure(context) {
    const { contenders, options } = context;
    const [own, base] = [contenders.find(({ name }) => name === 'ours'), contenders.find(isBase)];
    if (!own || !base) throw new Error('The section optimisations cannot go with --ours-only.');
    /** @type {{ ours: Figures, theirs: Figures }[]} */
    const pairs = [];
    for (let pair = 0; pair < options.pairs; pair += 1) {
      /** @type {Map<Contender, Figures>} */
      const measured = new Map();
      for (const contender of pair % 2 === 0 ? [own, base] : [base, own]) {
        context.progress(`pair ${pair + 1} of ${options.pairs}: ${contender.label}`);
        measured.set(contender, await measureOne(context, contender));
      }
      const [ours, theirs] = [measured.get(own), measured.get(base)];
      if (ours && theirs && answered(ours) && answered(theirs)) pairs.push({ ours, theirs });
    }
    if (pairs.length === 0) throw new Error('No pair in which both designs answered: --seconds');
    return CLAIMS.map((claim) => judge(claim, pairs));
  },
};

/** Without an answer in the time there is no figure. @param {Figures} figures */
const answered = ({ answers, reports }) => answers > 0 && reports > 0;

/** @param {Contender} contender */
const isBase = (contender) => contender.isBase === true;

/**
 * @param {import('../section.mjs').Context} context
 * @param {Contender} contender
 * @returns {Promise<Figures>}
 */
async function measureOne({ workshop, options, progress }, contender) {
  const users = options.smallUsers;
  const folder = await workshop.seeded(contender, users);
  const bytes = databaseBytes(folder) / users;
  const figures = await workshop.serve(contender, folder, async (server) => {
    const { seconds } = options;
    const started = server.cpuMs();
    const asked = await putLoad(server.url, { path: '/stats', connections: QUESTIONERS, seconds });
    const between = server.cpuMs();
    const posted = await putLoad(server.url, {
      ...{ path: contender.posts, connections: SENDERS, batch: 1, seconds },
      users: Math.ceil(users * NEW_SHARE),
    });
    await contender.settle?.(folder, progress);
    const ended = server.cpuMs();
    /** @param {import('../load.mjs').Outcome} outcome */
    const done = ({ requests, refused }) => requests - refused;
    return {
      answers: done(asked) / asked.seconds,
      answerUs: ((between - started) * 1000) / done(asked),
      reports: done(posted) / posted.seconds,
      reportUs: ((ended - between) * 1000) / done(posted),
      peakMb: server.peakMb(),
    };
  });
  workshop.discard(folder);
  return { ...figures, bytes };
}

/** What the file of users takes. @param {string} folder */
function databaseBytes(folder) {
  const files = readdirSync(folder).filter((name) => /^(counts|user_stats)\.db$/.test(name));
  return files.reduce((sum, name) => sum + (readTables(join(folder, name)).get(WHOLE) ?? NaN), 0);
}

/**
 * @param {Claim} claim
 * @param {readonly { ours: Figures, theirs: Figures }[]} pairs
 * @returns {import('../../section.mjs').Row}
 */
function judge({ label, claim, figure, digits, atLeast, atMost }, pairs) {
  const ratio = summarize(pairs.map(({ ours, theirs }) => ours[figure] / theirs[figure]));
  const isMet = ratio && ratio.median >= (atLeast ?? 0) && ratio.median <= (atMost ?? Infinity);
  /** @param {'ours' | 'theirs'} side */
  const shown = (side) =>
    summarize(pairs.map((pair) => Number(pair[side][figure].toFixed(digits))));
  return {
    label,
    metrics: {
      ...{ claim, ours: shown('ours'), theirs: shown('theirs'), ratio },
      wanted: atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`,
      verdict: isMet ? 'met' : '**not met**',
    },
  };
}
