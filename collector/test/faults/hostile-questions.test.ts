import { once } from 'node:events';
import { Agent, get as httpGet } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { post } from '../support/load.js';
import { fullReport, reportId } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const PEOPLE = 6000;
const VERSIONS = 700;
const QUESTIONERS = 20;
/** Reports of a round that are timed with the questioners, and as many without. */
const TIMED = 300;
const ROUNDS = 5;

const TOKEN = 'a-token-of-24-characters';

const DAY_MS = 86_400_000;

/** The status of an answer, which is read to its end. */
function ask(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    httpGet(url, { agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', reject);
    }).on('error', reject);
  });
}

const p99Of = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.ceil(0.99 * times.length) - 1] ?? Infinity;

/** A report of one of many people, on one of the last 25 days. */
function reportOf(person: number) {
  const timestamp = new Date(Date.now() - (person % 25) * DAY_MS).toISOString();
  const report = fullReport({ anonymous_id: `person-${person}`, report_id: reportId(), timestamp });
  return { ...report, info: { ...report.info, version: `${person % VERSIONS}.0.0` } };
}

it('reports and /health do not wait behind twenty questioners', async () => {
  const collector = await startProcess(
    ['--port', '0', '--log-level', 'error', '--data', temporaryFolder()],
    { HEADCOUNT_RATE_LIMIT: '0', HEADCOUNT_KEY_RATE_LIMIT: '0', HEADCOUNT_ADMIN_TOKEN: TOKEN },
  );
  const url = await collector.url();
  const agent = new Agent({ keepAlive: true });
  for (let first = 0; first < PEOPLE; first += 500) {
    const reports = Array.from({ length: 500 }, (_, at) => reportOf(first + at));
    expect(await post(`${url}/v1/reports`, { reports }, agent)).toBe(202);
  }

  let person = PEOPLE;
  const timeReports = async (count: number): Promise<number[]> => {
    const times: number[] = [];
    while (times.length < count) {
      const startedAt = performance.now();
      expect(await post(`${url}/v1/reports`, reportOf(person++), agent)).toBe(202);
      times.push(performance.now() - startedAt);
    }
    return times;
  };
  const health: number[] = [];
  const statuses = new Map<number, number>();
  const timeUnderAttack = async (): Promise<number[]> => {
    const questioners = new Worker(new URL('../support/questioners.mjs', import.meta.url), {
      workerData: { url, questioners: QUESTIONERS, token: TOKEN },
    });
    let isOver = false;
    const watch = async (): Promise<void> => {
      for (; !isOver; await pause(50)) health.push(await ask(`${url}/health`, agent));
    };
    const watching = watch();
    const times = await timeReports(TIMED);
    isOver = true;
    await watching;
    const telling = once(questioners, 'message');
    questioners.postMessage('stop');
    const [answers] = (await telling) as [Map<number, number>];
    for (const [status, n] of answers) statuses.set(status, (statuses.get(status) ?? 0) + n);
    return times;
  };
  // Each round compares times that enclose each other, since other processes come and go; the
  // median of the rounds leaves out one that they disturbed.
  const shares: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await timeReports(TIMED / 2);
    const attacked = p99Of(await timeUnderAttack());
    const alone = p99Of([...before, ...(await timeReports(TIMED / 2))]);
    shares.push(attacked / Math.max(60, 2 * alone));
  }
  agent.destroy();

  expect(shares.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]).toBeLessThan(1);
  expect(new Set(health)).toEqual(new Set([200]));
  // They were answered, or told to come back later: nothing failed.
  expect(statuses.get(200)).toBeGreaterThan(0);
  expect([...statuses.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
}, 120_000);
