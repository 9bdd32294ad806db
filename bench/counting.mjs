// @ts-check
// `npm run bench:counting -- --against COMMIT`: what counting reports costs beside an older version,
// in one process and on the same reports, so that a busy machine slows both alike.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadWriter } from './counting/load-writer.mjs';
import { countedReport } from './counting/reports.mjs';
import { describeMachine } from './machine.mjs';
import { parseCount } from './parse-count.mjs';
import { createProgress } from './progress.mjs';
import { median } from './statistics.mjs';
import { renderGrid } from './table.mjs';

const BATCH = 1000;
const FIRST_DAY = 20_700;

const { values } = parseArgs({
  options: {
    against: { type: 'string', default: 'HEAD' },
    users: { type: 'string', default: '100000' },
    pairs: { type: 'string', default: '100' },
  },
});
const users = parseCount('--users', values.users);
const pairs = parseCount('--pairs', values.pairs);
const open = [await loadWriter(values.against), await loadWriter()];
const progress = createProgress();
const folder = mkdtempSync(join(tmpdir(), 'headcount-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

/** @param {number} fields */
function measure(fields) {
  const sides = open.map((openCountsWriter, at) => ({
    writer: openCountsWriter(join(folder, `${fields}-${at}.db`), 0),
    counted: 0,
  }));
  /** @param {number} at @param {ReturnType<typeof countedReport>[]} reports */
  const count = (at, reports) => {
    const side = sides[at];
    if (side === undefined) return NaN;
    const [after, upTo] = [side.counted, side.counted + reports.length];
    const before = process.cpuUsage();
    void side.writer.apply({
      journalId: 'bench',
      after,
      upTo,
      reports,
      deletions: [],
      appliedAt: 1,
    });
    const { user, system } = process.cpuUsage(before);
    side.counted = upTo;
    return (user + system) / reports.length;
  };
  /** @param {string} name @param {number} batches @param {(batch: number) => ReturnType<typeof countedReport>[]} make */
  const phase = (name, batches, make) => {
    progress.section(`${fields} fields, ${name}`);
    /** @type {number[]} */
    const before = [];
    /** @type {number[]} */
    const now = [];
    for (let batch = 0; batch < batches; batch += 1) {
      progress.show(`batch ${batch + 1} of ${batches}`);
      const reports = make(batch);
      for (const at of batch % 2 ? [0, 1] : [1, 0]) (at ? now : before).push(count(at, reports));
    }
    const ratios = now.map((cost, batch) => cost / (before[batch] ?? NaN));
    const figures = [before, now].map((costs) => median(costs).toFixed(1));
    return [`${fields} fields, ${name}`, ...figures, median(ratios).toFixed(3)];
  };
  /** @param {number} day @param {(at: number) => number} userAt */
  const batchOf = (day, userAt) =>
    Array.from({ length: BATCH }, (_, at) => countedReport(userAt(at), day, fields));
  const anyone = () => Math.floor(Math.random() * users);
  const lines = [
    phase('users that are new', Math.ceil(users / BATCH), (batch) =>
      batchOf(FIRST_DAY, (at) => batch * BATCH + at),
    ),
    phase('known users, a new day', pairs, () => batchOf(FIRST_DAY + 3, anyone)),
    phase('known users, the same day', pairs, () => batchOf(FIRST_DAY + 3, anyone)),
  ];
  for (const { writer } of sides) void writer.close();
  progress.done();
  return lines;
}

const { cpu, cores, node } = describeMachine();
console.log(`${cpu}, ${cores} cores, Node ${node}; ${users} users, batches of ${BATCH} reports`);
console.log(
  'Processor time of the counting, µs a report: medians of batches, and of their ratios\n',
);
const head = ['', `${values.against}`, 'now', 'ratio'];
console.log(renderGrid([head, ...[0, 3].flatMap(measure)]));
