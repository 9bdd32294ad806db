import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openPepper } from '../../src/privacy/pepper.js';
import { openWriter } from '../../src/sqlite/database.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { withToken } from '../support/admin-token.js';
import { countedReport, DAY_MS } from '../support/counted-report.js';
import { processorTimeMs } from '../support/processor-time.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const FEW = 1000;
const TIMES = 1000;

/** Reading everybody doubles it. */
const MOST_TIMES = 1.5;
const TRIES = 4;

/** Counts of few people of ten versions, each of whom is there as often as is said. */
async function seed(times: number): Promise<string> {
  const data = join(temporaryFolder(), 'data');
  mkdirSync(data);
  openPepper(join(data, 'pepper'), true);
  const path = join(data, 'counts.db');
  const today = Math.floor(Date.now() / DAY_MS);
  const writer = openCountsWriter(path, 0);
  const reports = Array.from({ length: FEW }, (_, n) => {
    const day = today - 1 - (n % 30);
    return countedReport({ user: `user-${n}`, version: `1.${n % 10}.0`, day, receivedDay: day });
  });
  await writer.apply({
    ...{ journalId: 'seed', after: 0, upTo: FEW, reports, deletions: [], quality: [] },
    appliedAt: (today - 1) * DAY_MS,
  });
  await writer.close();
  const db = openWriter(path, { walPages: 1000 });
  const columns = db
    .prepare<{ name: string }>("SELECT name FROM pragma_table_info('users')")
    .all([])
    .map(({ name }) => name);
  const ofCopy = columns.map((name) =>
    name === 'uid' ? "CAST(printf('%07d%09d', n, row_number() OVER ()) AS BLOB)" : name,
  );
  db.exec(
    `INSERT INTO users(${columns.join()})
     WITH RECURSIVE copies(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM copies WHERE n < ${times})
     SELECT ${ofCopy.join()} FROM copies CROSS JOIN users WHERE ${times} > 1`,
  );
  db.close();
  return data;
}

/** The processor time of the first page that a new process is asked for. */
async function firstViewMs(data: string): Promise<number> {
  const collector = await startProcess(['--port', '0', '--log-level', 'error', '--data', data]);
  const url = await collector.url();
  const before = processorTimeMs(collector.child.pid);
  const response = await fetch(`${url}/p/acme-cli`, {
    headers: { ...withToken(), accept: 'text/html' },
  });
  expect(await response.text()).toContain('1.9.0');
  const takenMs = processorTimeMs(collector.child.pid) - before;
  collector.child.kill('SIGTERM');
  expect(await collector.ended).toBe(0);
  return takenMs;
}

it('shows a project with a million people for hardly more than one with a thousand', async () => {
  const [few, many] = [await seed(1), await seed(TIMES)];
  let [ofFew, ofMany] = [Infinity, Infinity];
  for (let n = 0; n < TRIES && !(ofMany <= MOST_TIMES * ofFew); n += 1) {
    // The least of each: what else the machine does makes processor time longer, and never shorter.
    ofFew = Math.min(ofFew, await firstViewMs(few));
    ofMany = Math.min(ofMany, await firstViewMs(many));
  }
  expect({ ofFew, ofMany, isCheap: ofMany <= MOST_TIMES * ofFew }).toMatchObject({ isCheap: true });
});
