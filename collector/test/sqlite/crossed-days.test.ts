import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openReader, openWriter } from '../../src/sqlite/database.js';
import { TooCostlyError } from '../../src/store/questions.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { prepareCrossedDays } from '../../src/store/sqlite/queries/crossed-days.js';
import { countedReport } from '../support/counted-report.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TODAY = 20_000;
const DIMENSIONS = ['os', 'version'] as const;

interface Visit {
  readonly user: string;
  readonly day: number;
  readonly version: string;
  readonly ci?: boolean;
}

/** Counts of visits. The IDs of values begin at one. */
async function open(visits: readonly Visit[], firstId = 1) {
  const path = join(temporaryFolder(), 'counts.db');
  await openCountsWriter(path, 0).close();
  const before = openWriter(path, { walPages: 1000 });
  before.exec(
    `INSERT INTO projects(slug) VALUES ('acme');
     INSERT INTO dims(id, project_id, dim, value) VALUES (${firstId}, 1, 'agent', 'first')`,
  );
  before.close();
  const writer = openCountsWriter(path, 0);
  const reports = visits.map(({ user, day, version, ci = false }) =>
    countedReport({ user, version, os: 'Linux', ci, day, receivedDay: day }),
  );
  await writer.apply({
    ...{ journalId: 'seed', after: 0, upTo: reports.length, reports, deletions: [], quality: [] },
    appliedAt: TODAY * 86_400_000,
  });
  await writer.close();
  const reader = openReader(path);
  onTestFinished(() => reader.close());
  return prepareCrossedDays(reader);
}

describe('crossedDays', () => {
  it('counts people by what they ran on each day, back to the oldest that is kept', async () => {
    const ago = [399, 300, 130, 129, 65, 64, 63, 33, 32, 31, 8, 1, 0];
    const visits = ago.map((days): Visit => ({
      ...{ user: 'one', day: TODAY - days, version: days > 64 ? '1.0.0' : '2.0.0' },
    }));
    const other: Visit = { user: 'two', day: TODAY - 8, version: '2.0.0' };
    for (const firstId of [1, 100, 16_370, 3_000_000]) {
      const crossed = await open([...visits, other, { ...other, user: 'ci', ci: true }], firstId);
      const found = crossed({
        ...{ project: 'acme', dimensions: DIMENSIONS, from: TODAY - 399, to: TODAY, mostDays: 15 },
      });
      const daysOf = (version: string) =>
        found
          .filter(({ values }) => values.join() === `Linux,${version}`)
          .flatMap(({ counts }) => counts.flatMap((n, at) => (n > 0 ? [[399 - at, n]] : [])));
      expect([firstId, daysOf('1.0.0')]).toEqual([
        firstId,
        ago.slice(0, 5).map((days) => [days, 1]),
      ]);
      expect(daysOf('2.0.0')).toEqual(ago.slice(5).map((days) => [days, days === 8 ? 2 : 1]));
      expect(found).toHaveLength(2);
    }
  });

  it('refuses to read more days than it may, those of CI among them', async () => {
    const days = [0, 100, 200];
    const crossed = await open([
      ...days.map((ago) => ({ user: 'one', day: TODAY - ago, version: '1.0.0' })),
      { user: 'two', day: TODAY, version: '1.0.0', ci: true },
    ]);
    const question = { project: null, dimensions: DIMENSIONS, from: TODAY, to: TODAY };
    expect(crossed({ ...question, mostDays: 4 })).toEqual([
      { values: ['Linux', '1.0.0'], counts: [1] },
    ]);
    expect(() => crossed({ ...question, mostDays: 3 })).toThrow(TooCostlyError);
  });
});
