// @ts-check
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { ADMIN_TOKEN, ours } from '../contenders.mjs';
import { reportOf } from '../reports.mjs';

/** @type {readonly { label: string, attack: import('../attackers.mjs').Attack, attackers: number }[]} */
const ATTACKS = [
  { label: '20 questioners, each question a new one', attack: 'questions', attackers: 20 },
  { label: '20 listeners that read nothing', attack: 'listeners', attackers: 20 },
  { label: '8 senders of 64 MB in 102 bytes', attack: 'bombs', attackers: 8 },
  { label: '16 senders of batches of 50 new people', attack: 'flood', attackers: 16 },
];
const ROUNDS = 3;
const MAX_SECONDS = 20;
const REPORT_EVERY_MS = 5;
const HEALTH_EVERY_MS = 100;

/** @type {import('../section.mjs').Section} */
export const attack = {
  name: 'attack',
  title: 'Under attack',
  columns: [
    { key: 'p50AloneMs', label: 'p50 without, ms', digits: 1 },
    { key: 'p50Ms', label: 'p50, ms', digits: 1 },
    { key: 'p99AloneMs', label: 'p99 without, ms', digits: 1 },
    { key: 'p99Ms', label: 'p99, ms', digits: 1 },
    { key: 'p99Ratio', label: 'ratio', digits: 2 },
    { key: 'healthy', label: '/health: 200, %', digits: 1 },
    { key: 'healthMs', label: '/health: slowest, ms', digits: 0 },
    { key: 'failed', label: 'reports not taken', digits: 0 },
    { key: 'answered', label: 'answers to attackers', digits: 0 },
    { key: 'peakMb', label: 'peak memory, MB', digits: 0 },
  ],
  note:
    `One client posts a report every ${REPORT_EVERY_MS} ms, on the small store, in turns without and ` +
    `with an attack, ${ROUNDS} times each; percentiles are the medians of the turns. Attackers come ` +
    'from this machine, which no limit per address applies to, and share its cores with the collector.',
  async measure(context) {
    const rows = [];
    for (const { label, ...attackers } of ATTACKS) {
      context.progress(label);
      rows.push({ label, metrics: await measureAttack(context, attackers) });
    }
    return rows;
  },
};

/**
 * @param {import('../section.mjs').Context} context
 * @param {Omit<(typeof ATTACKS)[number], 'label'>} attackers
 */
async function measureAttack({ workshop, options }, attackers) {
  const folder = await workshop.seeded(ours, options.smallUsers);
  const turnMs = (Math.min(options.seconds, MAX_SECONDS) * 1000) / ROUNDS;
  const metrics = await workshop.serve(ours, folder, async (server) => {
    const alone = [];
    const attacked = [];
    let answered = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      alone.push(await takeTurn(server.url, turnMs));
      const worker = new Worker(new URL('../attackers.mjs', import.meta.url), {
        workerData: { url: server.url, token: ADMIN_TOKEN, ...attackers },
      });
      await once(worker, 'online');
      attacked.push(await takeTurn(server.url, turnMs));
      const ended = once(worker, 'message');
      worker.postMessage('stop');
      answered += Number((await ended)[0]);
    }
    const health = attacked.flatMap((turn) => turn.health);
    const [p99AloneMs, p99Ms] = [medianOf(alone, 0.99), medianOf(attacked, 0.99)];
    return {
      ...{ p50AloneMs: medianOf(alone, 0.5), p50Ms: medianOf(attacked, 0.5), p99AloneMs, p99Ms },
      p99Ratio: p99Ms / p99AloneMs,
      healthy: (health.filter(({ status }) => status === 200).length * 100) / health.length,
      healthMs: Math.max(...health.map(({ ms }) => ms)),
      failed: attacked.flatMap(({ reports }) => reports).filter(({ status }) => status !== 202)
        .length,
      answered,
      peakMb: server.peakMb(),
    };
  });
  workshop.discard(folder);
  return metrics;
}

/**
 * @typedef {{ status: number, ms: number }} Answer
 * @typedef {{ reports: Answer[], health: Answer[] }} Turn
 */

/** @param {string} url @param {number} turnMs @returns {Promise<Turn>} */
async function takeTurn(url, turnMs) {
  const agent = new Agent({ keepAlive: true });
  const endsAt = performance.now() + turnMs;
  /** @param {number} everyMs @param {(n: number) => Promise<number>} ask */
  const keepAsking = async (everyMs, ask) => {
    /** @type {Answer[]} */
    const answers = [];
    for (let n = 0; answers.length === 0 || performance.now() < endsAt; n += 1) {
      const startedAt = performance.now();
      const status = await ask(n);
      answers.push({ status, ms: performance.now() - startedAt });
      await pause(everyMs);
    }
    return answers;
  };
  const [reports, health] = await Promise.all([
    keepAsking(REPORT_EVERY_MS, (n) =>
      send(`${url}/v1/reports`, agent, JSON.stringify(reportOf(n, new Date()))),
    ),
    keepAsking(HEALTH_EVERY_MS, () => send(`${url}/health`, agent)),
  ]);
  agent.destroy();
  return { reports, health };
}

/** @param {string} url @param {Agent} agent @param {string} [body] @returns {Promise<number>} */
const send = (url, agent, body) =>
  new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' };
    const sending = request(
      url,
      { agent, ...(body && { method: 'POST', headers }) },
      (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    sending.on('error', () => resolve(0));
    sending.end(body);
  });

/** The median of the turns' percentiles. @param {Turn[]} turns @param {number} share */
function medianOf(turns, share) {
  const each = turns
    .map(({ reports }) =>
      percentile(
        reports.map(({ ms }) => ms),
        share,
      ),
    )
    .sort((a, b) => a - b);
  return each[Math.floor(each.length / 2)] ?? NaN;
}

/** @param {number[]} values @param {number} share */
function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
}
