import { Agent, get as httpGet } from 'node:http';
import { expect, it } from 'vitest';
import { post } from '../support/load.js';
import { fullReport, reportId } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const PEOPLE = 6000;
const VERSIONS = 700;
const QUESTIONERS = 20;
/** Reports that are timed, with and without the questioners. */
const TIMED = 300;

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

/** A report of one of many people, on one of the last 25 days. */
function reportOf(person: number) {
  const timestamp = new Date(Date.now() - (person % 25) * DAY_MS).toISOString();
  const report = fullReport({ anonymous_id: `person-${person}`, report_id: reportId(), timestamp });
  return { ...report, info: { ...report.info, version: `${person % VERSIONS}.0.0` } };
}

it('reports and /health do not wait behind twenty questioners', async () => {
  const collector = await startProcess(
    ['--port', '0', '--log-level', 'error', '--data', temporaryFolder()],
    { HEADCOUNT_RATE_LIMIT: '0', HEADCOUNT_KEY_RATE_LIMIT: '0' },
  );
  const url = await collector.url();
  const agent = new Agent({ keepAlive: true });
  for (let first = 0; first < PEOPLE; first += 500) {
    const reports = Array.from({ length: 500 }, (_, at) => reportOf(first + at));
    expect(await post(`${url}/v1/reports`, { reports }, agent)).toBe(202);
  }

  let person = PEOPLE;
  const p99OfRound = async (): Promise<number> => {
    const times: number[] = [];
    while (times.length < TIMED) {
      const startedAt = performance.now();
      expect(await post(`${url}/v1/reports`, reportOf(person++), agent)).toBe(202);
      times.push(performance.now() - startedAt);
    }
    return times.sort((a, b) => a - b)[Math.ceil(0.99 * TIMED) - 1] ?? Infinity;
  };
  /** The median of three rounds: another process may slow one of them down. */
  const p99OfReports = async (): Promise<number> => {
    const rounds = [await p99OfRound(), await p99OfRound(), await p99OfRound()];
    return rounds.sort((a, b) => a - b)[1] ?? Infinity;
  };
  const alone = await p99OfReports();

  let isOver = false;
  const statuses = new Map<number, number>();
  const question = async (questioner: number): Promise<void> => {
    const own = new Agent({ keepAlive: true });
    for (let n = 1; !isOver; n += 1) {
      // Another question each time, so that no answer is known.
      const days = new Date(Date.now() - ((questioner * 7 + n) % 300) * DAY_MS);
      const from = days.toISOString().slice(0, 10);
      const query = `adoption?limit=50&window=${1 + ((questioner + n) % 31)}d&from=${from}`;
      const status = await ask(`${url}/v1/stats/${query}`, own);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    own.destroy();
  };
  const health: number[] = [];
  const watch = async (): Promise<void> => {
    while (!isOver) health.push(await ask(`${url}/health`, agent));
  };
  const attack = [watch(), ...Array.from({ length: QUESTIONERS }, (_, at) => question(at))];
  const attacked = await p99OfReports();
  isOver = true;
  await Promise.all(attack);
  agent.destroy();

  expect(attacked).toBeLessThan(Math.max(60, 2 * alone));
  expect(new Set(health)).toEqual(new Set([200]));
  // They were answered, or told to come back later: nothing failed.
  expect(statuses.get(200)).toBeGreaterThan(0);
  expect([...statuses.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
}, 120_000);
