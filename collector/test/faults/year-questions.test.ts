import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it } from 'vitest';
import { openPepper } from '../../src/privacy/pepper.js';
import { withToken } from '../support/admin-token.js';
import { DAY_MS } from '../support/counted-report.js';
import { post } from '../support/load.js';
import { processorTimeMs } from '../support/processor-time.js';
import { fullReport } from '../support/reports.js';
import { seedYear } from '../support/seed-year.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** The processor time in which this machine's SQLite counts a million numbers. */
function limitMs(): number {
  const db = new Database(':memory:');
  const count = db.prepare(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
    SELECT count(DISTINCT i % 1000) FROM n`);
  const takenMs = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage();
    count.get();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  db.close();
  return Math.min(...takenMs);
}

/** Linux tells processor time in steps of 10 ms. */
const TOGETHER = 4;
/** A busy machine makes processor time longer too. */
const TRIES = 5;

const dateOf = (back: number): string =>
  new Date(Date.now() - back * DAY_MS).toISOString().slice(0, 10);
const YEAR = `project=acme-cli&from=${dateOf(364)}`;

const QUESTIONS = [
  `adoption?${YEAR}`,
  `adoption?${YEAR}&window=31d&limit=27`,
  `adoption?${YEAR}&dimension=os`,
  `adoption?from=${dateOf(364)}`,
  `growth?${YEAR}`,
  `growth?from=${dateOf(364)}&window=7d`,
  `timeseries?${YEAR}`,
  `timeseries?from=${dateOf(364)}`,
  `timeseries?${YEAR}&window=28d`,
  `timeseries?${YEAR}&window=365d`,
  `timeseries?${YEAR}&interval=month`,
  `timeseries?${YEAR}&metric=new`,
  `timeseries?${YEAR}&metric=returning`,
  `timeseries?${YEAR}&metric=reports`,
  `timeseries?${YEAR}&group_by=version&limit=27`,
  `timeseries?${YEAR}&group_by=version&interval=week`,
  `timeseries?${YEAR}&group_by=event&metric=reports`,
  `timeseries?${YEAR}&group_by=field:build.size&metric=reports`,
  `retention?${YEAR}&interval=week`,
  `retention?${YEAR}&interval=month`,
  `retention?project=acme-cli&interval=day&from=${dateOf(98)}`,
  `quality?${YEAR}`,
  `annotations?${YEAR}`,
  `annotations?from=${dateOf(364)}`,
  'silence?project=acme-cli',
  'silence',
];

it('answers every question about a year of many people sooner than SQLite counts a million', async () => {
  const data = join(temporaryFolder(), 'data');
  mkdirSync(data);
  openPepper(join(data, 'pepper'), true);
  await seedYear(join(data, 'counts.db'), 'acme-cli', Math.floor(Date.now() / DAY_MS));
  const collector = await startProcess(['--port', '0', '--log-level', 'error', '--data', data]);
  const url = await collector.url();
  const headers = withToken();

  const ask = async (question: string): Promise<void> => {
    // Something is counted, so that no answer is known.
    expect(await post(`${url}/v1/reports`, fullReport())).toBe(202);
    expect((await fetch(`${url}/v1/stats/summary`, { headers })).status).toBe(200);
    const response = await fetch(`${url}/v1/stats/${question}`, { headers });
    await response.arrayBuffer();
    expect({ question, status: response.status }).toEqual({ question, status: 200 });
  };
  const processorMs = async (question: string): Promise<number> => {
    const before = processorTimeMs(collector.child.pid);
    for (let n = 0; n < TOGETHER; n += 1) await ask(question);
    return (processorTimeMs(collector.child.pid) - before) / TOGETHER;
  };
  const limit = limitMs();
  const slow: string[] = [];
  for (const question of QUESTIONS) {
    let best = Infinity;
    for (let n = 0; n < TRIES && best >= limit; n += 1) {
      best = Math.min(best, await processorMs(question));
    }
    if (best >= limit) slow.push(`${question}: ${best} ms of ${limit}`);
  }
  expect(slow).toEqual([]);
});
