import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openReader, openWriter } from '../../src/sqlite/database.js';
import { TooCostlyError } from '../../src/store/questions.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { prepareNewestValues } from '../../src/store/sqlite/queries/newest-values.js';
import { countedReport } from '../support/counted-report.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TODAY = 20_000;
const SYSTEMS = ['Linux', 'Windows'];

/** Counts of 1000 people of ten versions and two systems; each is there as often as is said. */
async function open(times: number, firstId: number, nowMs?: () => number) {
  const path = join(temporaryFolder(), 'counts.db');
  const empty = openCountsWriter(path, 0);
  await empty.close();
  const before = openWriter(path, { walPages: 1000 });
  before.exec(
    `INSERT INTO projects(slug) VALUES ('acme');
     INSERT INTO dims(id, project_id, dim, value) VALUES (${firstId}, 1, 'agent', 'first')`,
  );
  before.close();
  const writer = openCountsWriter(path, 0);
  const reports = Array.from({ length: 1000 }, (_, n) =>
    countedReport({
      ...{ user: `user-${n}`, version: `1.${n % 10}.0`, os: SYSTEMS[n % 2] ?? '' },
      ...{ facts: { os_version: `${n % 5}` }, day: TODAY, receivedDay: TODAY },
    }),
  );
  await writer.apply({
    ...{ journalId: 'seed', after: 0, upTo: reports.length, reports, deletions: [], quality: [] },
    appliedAt: TODAY * 86_400_000,
  });
  await writer.close();
  const after = openWriter(path, { walPages: 1000 });
  const columns = after
    .prepare<{ name: string }>("SELECT name FROM pragma_table_info('users')")
    .all([])
    .map(({ name }) => name);
  const copied = columns.map((name) => (name === 'uid' ? 'randomblob(16)' : name)).join();
  after.exec(
    `INSERT INTO users(${columns.join()}) SELECT ${copied} FROM users,
       (WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < ${times}) SELECT n FROM n)
     WHERE ${times} > 1`,
  );
  after.close();
  const reader = openReader(path);
  onTestFinished(() => reader.close());
  return prepareNewestValues(reader, nowMs);
}

describe('newestValues', () => {
  it('counts what people ran last, however large the numbers of values are', async () => {
    for (const firstId of [1, 100, 16_370, 3_000_000]) {
      const newest = await open(1, firstId);
      const versions = newest({ project: 'acme', dimension: 'version', of: null, from: TODAY });
      expect([firstId, versions]).toEqual([
        firstId,
        Array.from({ length: 10 }, (_, n) => ({ value: `1.${n}.0`, of: null, n: 100 })),
      ]);
      const systems = newest({ project: null, dimension: 'os_version', of: 'os', from: TODAY });
      expect(systems).toHaveLength(10);
      expect(systems.every(({ n }) => n === 100)).toBe(true);
      expect(newest({ project: 'acme', dimension: 'arch', of: null, from: TODAY })).toEqual([
        { value: 'unknown', of: null, n: 1000 },
      ]);
    }
  });

  it('counts the same versions of the people whom an older release left', async () => {
    const path = join(temporaryFolder(), 'counts.db');
    const writer = openCountsWriter(path, 0);
    const reports = Array.from({ length: 60 }, (_, n) => {
      const day = TODAY - (n % 20);
      return countedReport({
        ...{ user: `user-${n % 50}`, version: `1.${n % 7}.0`, ci: n % 9 === 0 },
        ...{ day, receivedDay: TODAY },
      });
    });
    await writer.apply({
      ...{ journalId: 'seed', after: 0, upTo: reports.length, reports, deletions: [], quality: [] },
      appliedAt: TODAY * 86_400_000,
    });
    await writer.close();
    const ask = (): unknown => {
      const reader = openReader(path);
      const newest = prepareNewestValues(reader);
      const question = { project: 'acme', dimension: 'version', of: null } as const;
      const answers = [TODAY, TODAY - 10, TODAY - 30].map((from) => newest({ ...question, from }));
      reader.close();
      return answers;
    };
    const counted = ask();
    expect(JSON.stringify(counted)).toContain('1.6.0');
    const before = openWriter(path, { walPages: 1000 });
    before.exec(
      `DROP TABLE newest_versions;
       DELETE FROM schema_migrations WHERE version = (SELECT max(version) FROM schema_migrations)`,
    );
    before.close();
    await openCountsWriter(path, 0).close();
    expect(ask()).toEqual(counted);
  });

  it('waits for a busy machine for 10 s by the clock, and no longer', async () => {
    let now = 0;
    let stepMs = 9000;
    const newest = await open(1, 1, () => (now += stepMs));
    const question = { project: 'acme', dimension: 'version', of: 'os', from: TODAY };
    expect(newest(question)).toHaveLength(10);
    stepMs = 11_000;
    expect(() => newest(question)).toThrow(TooCostlyError);
  });

  it('takes no more than 0.8 µs of the processor for each person', async () => {
    const newest = await open(200, 1);
    const times = Array.from({ length: 6 }, () => {
      const before = process.cpuUsage();
      const [first] = newest({ project: 'acme', dimension: 'os', of: null, from: TODAY });
      const { user, system } = process.cpuUsage(before);
      expect(first?.n).toBe(100_000);
      return user + system;
    });
    expect(Math.min(...times) / 200_000).toBeLessThanOrEqual(0.8);
  });
});
