import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/sqlite/database.js';
import { openReader } from '../../src/sqlite/database.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { prepareGapCounts } from '../../src/store/sqlite/queries/gap-counts.js';
import { prepareHistory } from '../../src/store/sqlite/queries/history.js';
import { prepareNewestVersions } from '../../src/store/sqlite/queries/newest-versions.js';
import { prepareQuality } from '../../src/store/sqlite/queries/quality.js';
import { prepareRecent } from '../../src/store/sqlite/queries/recent.js';
import { prepareSummary } from '../../src/store/sqlite/queries/summary.js';
import { prepareOwner, prepareUser } from '../../src/store/sqlite/queries/user.js';
import { prepareValueWindows } from '../../src/store/sqlite/queries/value-windows.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What grows with users, with days, or with values; a scan of it would be felt. */
const LARGE = [
  'users',
  'recent',
  'gaps',
  'value_gaps',
  'age_gaps',
  'newest_versions',
  'report_days',
  'report_values',
  'retention',
];

describe('the questions', () => {
  it('find what they need by an index, and scan no table that grows', async () => {
    const path = join(temporaryFolder(), 'counts.db');
    const writer = openCountsWriter(path, 0);
    const db = openReader(path);
    const asked: string[] = [];
    const noting: Database = {
      ...db,
      prepare: (sql, options) => {
        asked.push(sql);
        return db.prepare(sql, options);
      },
    };
    for (const prepare of [prepareHistory, prepareQuality, prepareRecent, prepareSummary]) {
      prepare(noting);
    }
    prepareGapCounts(noting);
    prepareValueWindows(noting);
    prepareNewestVersions(noting);
    prepareOwner(noting);
    prepareUser(noting);
    expect(asked.length).toBeGreaterThan(10);
    const scans = asked.flatMap((sql) =>
      db
        .prepare<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .all(Array.from({ length: new Set(sql.match(/\?\d?/g)).size }, () => 1))
        .map(({ detail }) => detail)
        .filter((detail) => LARGE.some((table) => detail.startsWith(`SCAN ${table}`)))
        .map((detail) => `${detail}: ${sql}`),
    );
    expect(scans).toEqual([]);
    db.close();
    await writer.close();
  });
});
