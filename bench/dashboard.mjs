// @ts-check
// `npm run bench:dashboard`: how long the first page of the dashboard takes to arrive after a start, with a
// million invented people. `--data` names a folder that is filled once and then used again.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fillFolder } from '../scripts/demo/fill-folder.mjs';
import { PROJECT } from '../scripts/demo/names.mjs';
import { ADMIN_TOKEN, ours } from './collector/contenders.mjs';
import { startServer } from './collector/server-process.mjs';
import { describeMachine } from './machine.mjs';
import { parseCount } from './parse-count.mjs';
import { createProgress } from './progress.mjs';
import { median, quantile } from './statistics.mjs';
import { renderGrid } from './table.mjs';

/** So that a million people send 1.9 million reports, and not 18. */
const OFTEN = 0.06;

const PAGES = [`/p/${PROJECT}`, `/p/${PROJECT}/versions`, '/'];
const HEADERS = { authorization: `Bearer ${ADMIN_TOKEN}`, accept: 'text/html' };

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '1000000' },
    starts: { type: 'string', default: '5' },
    data: { type: 'string' },
  },
});
const people = parseCount('--people', values.people);
const starts = parseCount('--starts', values.starts);
const progress = createProgress();
const folder = values.data ?? join(mkdtempSync(join(tmpdir(), 'headcount-bench-')), 'data');
process.once('exit', () => {
  if (values.data === undefined) rmSync(join(folder, '..'), { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

/** Loads a page as a whole. @param {string} url */
async function load(url) {
  const started = performance.now();
  const response = await fetch(url, { headers: HEADERS });
  const text = await response.text();
  if (!response.ok || !text.includes('<html')) throw new Error(`${url}: ${response.status}`);
  return performance.now() - started;
}

progress.section('dashboard');
if (!existsSync(folder)) {
  await fillFolder({
    ...{ data: folder, people, often: OFTEN, adminToken: ADMIN_TOKEN },
    onProgress: (share, reports) =>
      progress.show(`filling: ${Math.floor(share * 100)}%, ${reports} reports`),
  });
}
/** @type {{ first: number[], second: number[] }[]} */
const measured = PAGES.map(() => ({ first: [], second: [] }));
for (let start = 0; start < starts; start += 1) {
  for (const [at, page] of PAGES.entries()) {
    progress.show(`start ${start + 1}: ${page}`);
    const server = await startServer(ours.run(folder));
    try {
      measured[at]?.first.push(await load(server.url + page));
      measured[at]?.second.push(await load(server.url + page));
    } finally {
      await server.stop();
    }
  }
}
progress.done();
const { cpu, cores, node } = describeMachine();
console.log(`${cpu}, ${cores} cores, Node ${node}; ${people} invented people`);
console.log('Milliseconds from the request to the whole page, over HTTP, each in a new process\n');
const ms = (/** @type {number} */ value) => value.toFixed(0);
const rows = PAGES.map((page, at) => {
  const { first = [], second = [] } = measured[at] ?? {};
  return [page, ms(median(first)), ms(quantile(first, 1)), ms(median(second))];
});
console.log(renderGrid([['', 'first, median', 'longest', 'second'], ...rows]));
