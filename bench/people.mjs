// @ts-check
// `npm run bench:people`: how long a collector takes to tell the people of events, fields and ages, with a
// million users who were there on several days.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { ADMIN_TOKEN, ours } from './collector/contenders.mjs';
import { reportOf } from './collector/reports.mjs';
import { startServer } from './collector/server-process.mjs';
import { loadWriter } from './counting/load-writer.mjs';
import { countedReport } from './counting/reports.mjs';
import { describeMachine } from './machine.mjs';
import { parseCount } from './parse-count.mjs';
import { createProgress } from './progress.mjs';
import { median, quantile } from './statistics.mjs';
import { renderGrid } from './table.mjs';

const DAYS = 60;
const LONGEST_GAP = 31;
const BATCH = 1000;
const DAY_MS = 86_400_000;
const HEADERS = { authorization: `Bearer ${ADMIN_TOKEN}` };

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000000' },
    times: { type: 'string', default: '15' },
  },
});
const users = parseCount('--users', values.users);
const times = parseCount('--times', values.times);
const openCountsWriter = await loadWriter();
const progress = createProgress();
const folder = mkdtempSync(join(tmpdir(), 'headcount-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

/** Every user comes back after a gap of its own, so that the tables have rows of all gaps. */
async function seed() {
  writeFileSync(join(folder, 'pepper'), randomBytes(32), { mode: 0o600 });
  const writer = openCountsWriter(join(folder, 'counts.db'), 0);
  const today = Math.floor(Date.now() / DAY_MS);
  let counted = 0;
  /** @type {ReturnType<typeof countedReport>[]} */
  let reports = [];
  const count = async () => {
    const upTo = counted + reports.length;
    const batch = { after: counted, upTo, reports, deletions: [], appliedAt: Date.now() };
    await writer.apply({ journalId: 'seed', ...batch });
    [counted, reports] = [upTo, []];
  };
  for (let back = DAYS - 1; back >= 0; back -= 1) {
    progress.show(`seeding: ${back} days ago, ${counted} reports counted`);
    for (let user = 0; user < users; user += 1) {
      const age = (user % DAYS) - back;
      const gap = 1 + (Math.floor(user / DAYS) % LONGEST_GAP);
      if (age !== 0 && age !== gap) continue;
      reports.push(countedReport(user, today - back, 3));
      if (reports.length === BATCH) await count();
    }
  }
  await count();
  await writer.close();
}

/** @param {number} days */
const since = (days) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
const QUESTIONS = ['1d', '7d', '28d'].flatMap((window) =>
  ['event', 'field:build.bundler', 'age'].flatMap((dimension) => [
    `breakdown?project=bench&metric=people&dimension=${dimension}&window=${window}`,
    `timeseries?project=bench&group_by=${dimension}&window=${window}&from=${since(30)}`,
  ]),
);

/** @param {string} url @param {string} question */
async function ask(url, question) {
  const started = performance.now();
  const response = await fetch(`${url}/v1/stats/${question}`, { headers: HEADERS });
  const { rows } = await response.json();
  if (!response.ok || rows.length === 0) throw new Error(`No rows: ${question}`);
  return performance.now() - started;
}

progress.section('people');
await seed();
const server = await startServer(ours.run(folder));
try {
  const lines = [];
  for (const question of QUESTIONS) {
    progress.show(question);
    const measured = [];
    for (let time = 0; time < times; time += 1) {
      // Something is counted before each question, so that no answer is known.
      const body = JSON.stringify({ ...reportOf(time, new Date()), project: 'bench' });
      const headers = { 'content-type': 'application/json' };
      const posted = await fetch(`${server.url}/v1/reports`, { method: 'POST', headers, body });
      if (posted.status !== 202) throw new Error(`A report was refused: ${posted.status}`);
      await ask(server.url, 'breakdown?project=bench&dimension=os');
      measured.push(await ask(server.url, question));
    }
    const figures = [median(measured), quantile(measured, 1)].map((ms) => ms.toFixed(1));
    lines.push([question.replace('project=bench&', ''), ...figures]);
  }
  progress.done();
  const { cpu, cores, node } = describeMachine();
  console.log(`${cpu}, ${cores} cores, Node ${node}; ${users} users, ${DAYS} days`);
  console.log(
    'Milliseconds from the question to the whole answer, over HTTP; no answer was kept\n',
  );
  console.log(renderGrid([['', 'median', 'longest'], ...lines]));
} finally {
  await server.stop();
}
