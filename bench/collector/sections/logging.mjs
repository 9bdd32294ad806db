// @ts-check
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { median, summarize } from '../../statistics.mjs';
import { waitUntilDrained } from '../backlog.mjs';
import { ours } from '../contenders.mjs';
import { NEW_SHARE } from '../measure-load.mjs';
import { reportOf } from '../reports.mjs';
import { freePort, startServer } from '../server-process.mjs';

/** Reports that are sent at the same time; then it is waited for all of them. */
const WAVE = 50;
const WAVES = 400;
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
 * @property {number[]} cpuUs of each round
 */

/** @type {readonly Variant[]} */
const VARIANTS = [
  {
    ...{ label: 'all of it off', group: 'command', isBase: true },
    args: [...OFF, ...NO_FILES, NO_METRICS],
  },
  {
    ...{ label: 'each request, to stdout', group: 'command' },
    args: [...EACH, ...NO_FILES, NO_METRICS],
  },
  {
    ...{ label: 'requests sampled, to stdout and daily files, as by default', group: 'command' },
    args: [...SAMPLED, NO_METRICS],
  },
  {
    ...{ label: 'each request, to stdout and daily files', group: 'command' },
    args: [...EACH, NO_METRICS],
  },
  {
    ...{
      label: `metrics, a scrape each ${WAVE * WAVES} reports`,
      group: 'command',
      isScraped: true,
    },
    args: [...OFF, ...NO_FILES],
  },
  {
    ...{ label: 'the defaults, scraped as often', group: 'command', isScraped: true },
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
    { key: 'cpuUs', label: 'CPU, µs a report', digits: 1, plain: true },
    { key: 'cpuRatio', label: 'ratio', digits: 3 },
  ],
  note:
    `Single reports on the small store, in waves of ${WAVE}, so that each commit has as many, however ` +
    `busy the machine is. The collectors run side by side and get ${WAVE * WAVES} reports in turn, once ` +
    'before it counts. CPU is that of the whole process until all is counted, the median of the ' +
    'turns. The ratio is that to the base in the same round: the median, the least and the most. ' +
    'Stdout goes to /dev/null. Samples of performance are taken once a minute by default, sixty ' +
    'times less often than here.',
  async measure({ workshop, options, progress }) {
    /** @type {Running[]} */
    const all = [];
    try {
      for (const variant of VARIANTS) {
        const folder = await workshop.seeded(ours, options.smallUsers);
        all.push({ variant, folder, ...(await start(variant, folder)), cpuUs: [] });
      }
      const users = Math.ceil(options.smallUsers * NEW_SHARE);
      for (let round = 0; round <= options.pairs; round += 1) {
        for (const one of rotate(all, round)) {
          progress(`round ${round} of ${options.pairs}: ${one.variant.label}`);
          const cpuUs = await takeTurn(one, users);
          if (round > 0) one.cpuUs.push(cpuUs);
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

/**
 * Each is the first in turn, and none comes twice in a row, which would spare its caches.
 *
 * @template T @param {readonly T[]} all @param {number} by
 */
const rotate = (all, by) => [...all.slice(by % all.length), ...all.slice(0, by % all.length)];

/** @param {Running} one @param {number} users */
async function takeTurn({ variant, folder, server, metricsUrl }, users) {
  const agent = new Agent({ keepAlive: true });
  const cpuBefore = server.cpuMs();
  for (let wave = 0; wave < WAVES; wave += 1) {
    const reports = Array.from({ length: WAVE }, () =>
      reportOf(Math.floor(Math.random() * users), new Date()),
    );
    const url = server.url + ours.posts;
    await Promise.all(reports.map((report) => send(url, agent, 202, JSON.stringify(report))));
  }
  if (variant.isScraped) await send(metricsUrl, agent, 200);
  await waitUntilDrained(folder, () => undefined);
  const cpuMs = server.cpuMs() - cpuBefore;
  agent.destroy();
  return (cpuMs * 1000) / (WAVE * WAVES);
}

/** @param {string} url @param {Agent} agent @param {number} expected @param {string} [body] */
async function send(url, agent, expected, body) {
  const headers = { 'content-type': 'application/json' };
  const sending = request(url, { agent, ...(body && { method: 'POST', headers }) }).end(body);
  const [response] = /** @type {[import('node:http').IncomingMessage]} */ (
    await once(sending, 'response')
  );
  response.resume();
  await once(response, 'end');
  if (response.statusCode !== expected) throw new Error(`${url} answers ${response.statusCode}`);
}

/** @param {Running} one @param {readonly Running[]} all @returns {import('../../section.mjs').Row} */
function toRow({ variant: { label, group, isBase = false }, cpuUs }, all) {
  const base = all.find(({ variant }) => variant.isBase && variant.group === group);
  const ratios = cpuUs.map((us, round) => us / (base?.cpuUs[round] ?? NaN));
  return {
    ...{ label, group, isBase },
    metrics: { cpuUs: median(cpuUs), cpuRatio: summarize(ratios) },
  };
}
