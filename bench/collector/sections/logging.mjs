// @ts-check
import { fileURLToPath } from 'node:url';
import { median, summarize } from '../../statistics.mjs';
import { waitUntilDrained } from '../backlog.mjs';
import { ours } from '../contenders.mjs';
import { putLoad } from '../load.mjs';
import { NEW_SHARE } from '../measure-load.mjs';
import { freePort, startServer } from '../server-process.mjs';

const CONNECTIONS = 64;
const TURN_SECONDS = 2;
const LEAST_ROUNDS = 3;
const SCRAPE_EVERY_MS = 1000;
const SAMPLE_EVERY_MS = 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

const NO_FILES = ['--log-bytes-limit', '0'];
const NO_METRICS = '--no-metrics';
const OFF = ['--access-log', 'off'];
const SAMPLED = ['--access-log', 'sampled'];
const EACH = ['--access-log', 'all'];

/**
 * @typedef {object} Variant
 * @property {string} label
 * @property {string} group each has a base of its own
 * @property {boolean} [isBase]
 * @property {readonly string[]} [args] of the command
 * @property {number} [sampleEveryMs] instead of the command, which samples once a minute
 * @property {boolean} [isScraped]
 *
 * @typedef {object} Running
 * @property {Variant} variant
 * @property {string} folder
 * @property {import('../server-process.mjs').ServerProcess} server
 * @property {string} metricsUrl
 * @property {number[]} perSecond of each round
 * @property {number[]} cpuUs of each round
 */

/** @type {readonly Variant[]} */
const VARIANTS = [
  {
    ...{ label: 'all of it off', group: 'command', isBase: true },
    args: [...OFF, ...NO_FILES, NO_METRICS],
  },
  {
    ...{ label: 'requests sampled, to stdout', group: 'command' },
    args: [...SAMPLED, ...NO_FILES, NO_METRICS],
  },
  {
    ...{ label: 'each request, to stdout', group: 'command' },
    args: [...EACH, ...NO_FILES, NO_METRICS],
  },
  {
    ...{ label: 'requests sampled, to stdout and daily files', group: 'command' },
    args: [...SAMPLED, NO_METRICS],
  },
  {
    ...{ label: 'each request, to stdout and daily files', group: 'command' },
    args: [...EACH, NO_METRICS],
  },
  {
    ...{ label: 'metrics scraped each second', group: 'command', isScraped: true },
    args: [...OFF, ...NO_FILES],
  },
  {
    ...{ label: 'the defaults, scraped each second', group: 'command', isScraped: true },
    args: [],
  },
  { label: 'no samples of performance', group: 'samples', isBase: true, sampleEveryMs: DAY_MS },
  { label: 'one each second', group: 'samples', sampleEveryMs: SAMPLE_EVERY_MS },
];

/** @type {import('../section.mjs').Section} */
export const logging = {
  name: 'logging',
  title: 'What logging and metrics cost',
  columns: [
    { key: 'perSecond', label: 'reports/s', digits: 0, plain: true },
    { key: 'cpuUs', label: 'CPU, µs a report', digits: 1, plain: true },
    { key: 'cpuRatio', label: 'CPU, ratio', digits: 3 },
  ],
  note:
    `Single reports, ${CONNECTIONS} connections, on the small store. The collectors run side by side ` +
    `and get the load in turns of ${TURN_SECONDS} s, after a first round that does not count; medians ` +
    'of the rounds. CPU is that of the whole process until all is counted. Its ratio is that to the ' +
    'base of the same round: the median, and the least and the most. Stdout goes to /dev/null. ' +
    'Samples of performance are taken once a minute by default, sixty times less often than here.',
  async measure({ workshop, options, progress }) {
    /** @type {Running[]} */
    const all = [];
    try {
      for (const variant of VARIANTS) {
        const folder = await workshop.seeded(ours, options.smallUsers);
        all.push({ variant, folder, ...(await start(variant, folder)), perSecond: [], cpuUs: [] });
      }
      const seconds = Math.min(TURN_SECONDS, options.seconds);
      const rounds = Math.max(LEAST_ROUNDS, Math.round(options.seconds / seconds));
      const users = Math.ceil(options.smallUsers * NEW_SHARE);
      for (let round = 0; round <= rounds; round += 1) {
        for (const one of round % 2 ? all.toReversed() : all) {
          progress(`round ${round} of ${rounds}: ${one.variant.label}`);
          const { perSecond, cpuUs } = await takeTurn(one, { seconds, users });
          if (round === 0) continue;
          one.perSecond.push(perSecond);
          one.cpuUs.push(cpuUs);
        }
      }
      return all.map((one) => toRow(one, all));
    } finally {
      for (const { server, folder } of all) {
        await server.stop();
        workshop.discard(folder);
      }
    }
  },
};

/** @param {Variant} variant @param {string} folder */
async function start({ args = [], sampleEveryMs }, folder) {
  const metricsPort = String(await freePort());
  const server = await startServer((port) => {
    const command = ours.run(folder)(port);
    return sampleEveryMs === undefined
      ? { ...command, args: [...command.args, ...args, '--metrics-port', metricsPort] }
      : { ...command, args: [HISTORY_SERVER, String(port), folder, String(sampleEveryMs)] };
  });
  return { server, metricsUrl: `http://127.0.0.1:${metricsPort}/metrics` };
}

const HISTORY_SERVER = fileURLToPath(new URL('../history-server.mjs', import.meta.url));

/** @param {Running} one @param {{ seconds: number, users: number }} load */
async function takeTurn({ variant, folder, server, metricsUrl }, { seconds, users }) {
  const cpuBefore = server.cpuMs();
  const scrape = async () => {
    const response = await fetch(metricsUrl);
    if (!response.ok) throw new Error(`${metricsUrl} answers ${response.status}`);
    await response.text();
  };
  const scrapes = variant.isScraped ? [scrape()] : [];
  const timer = setInterval(() => variant.isScraped && scrapes.push(scrape()), SCRAPE_EVERY_MS);
  const path = ours.posts;
  const outcome = await putLoad(server.url, {
    ...{ path, connections: CONNECTIONS, seconds, batch: 1, users },
  });
  clearInterval(timer);
  await Promise.all(scrapes);
  if (outcome.refused + outcome.broken > 0) {
    throw new Error(`${variant.label}: ${outcome.refused + outcome.broken} reports were not taken`);
  }
  await waitUntilDrained(folder, () => undefined);
  return {
    perSecond: outcome.requests / outcome.seconds,
    cpuUs: ((server.cpuMs() - cpuBefore) * 1000) / outcome.requests,
  };
}

/** @param {Running} one @param {readonly Running[]} all @returns {import('../../section.mjs').Row} */
function toRow({ variant: { label, group, isBase = false }, perSecond, cpuUs }, all) {
  const base = all.find(({ variant }) => variant.isBase && variant.group === group);
  // On a busy machine, a turn can pass without a request.
  const ratios = cpuUs
    .map((us, round) => us / (base?.cpuUs[round] ?? NaN))
    .filter((ratio) => Number.isFinite(ratio) && ratio > 0);
  return {
    ...{ label, group, isBase },
    metrics: {
      perSecond: median(perSecond),
      cpuUs: median(cpuUs),
      cpuRatio: summarize(ratios),
    },
  };
}
