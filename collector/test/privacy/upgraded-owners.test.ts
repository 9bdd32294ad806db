import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openWriter } from '../../src/sqlite/database.js';
import { COUNTS_SCHEMA } from '../../src/store/sqlite/migrations/counts-schema.js';
import { ANSWERS_V4, createCountsV4, NOW_V4 } from '../support/counts-v4.js';
import { createCountsV2 } from '../support/counts-v2.js';
import { bearer, fullReport, ownerOf } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TOKEN = 'the-administrator-of-tests';
const OTHER_PROOF = 'b2'.repeat(32);
const OTHER_OWNER = ownerOf(OTHER_PROOF);

/** Of the user whose deletion waits in the journal. */
const REPORTS_OF_BOB = 2;

const pathOf = (id: string): string => `/v1/users/${id}?project=acme-cli`;

const startV4 = async (now = () => NOW_V4): Promise<TestCollector> => {
  const data = temporaryFolder();
  createCountsV4(data);
  return startCollector({ data, adminToken: TOKEN, now });
};

const columnsOf = (data: string): unknown => {
  const db = openWriter(join(data, 'counts.db'), { walPages: 1000 });
  onTestFinished(() => db.close());
  return db.prepare(`SELECT name, type, "notnull", pk FROM pragma_table_info('users')`).all();
};

describe('what a release without owners has left, counted and not', () => {
  it('is told as that release told it, deletions that wait included', async () => {
    const collector = await startV4();
    for (const [project, stats] of Object.entries(ANSWERS_V4.stats)) {
      const { body } = await collector.get(`/v1/stats/summary?project=${project}`);
      // That release took the reports of a deleted user out of the total; they stay now.
      const stay = project === 'acme-cli' ? REPORTS_OF_BOB : 0;
      const total_reports = Number(stats['total_reports']) + stay;
      expect(body).toMatchObject({ ...stats, total_reports });
    }
    for (const [id, record] of Object.entries(ANSWERS_V4.users)) {
      expect((await collector.get(pathOf(id), bearer(TOKEN))).body).toMatchObject(record);
    }
    const snapshots = readdirSync(collector.data).filter((name) => name.includes('.before-'));
    const schema = COUNTS_SCHEMA.migrations.length;
    // The journal has got epochs since, so both databases were changed.
    expect(snapshots.map((name) => name.replace(/[^-]*$/, '')).sort()).toEqual([
      `counts.db.before-${schema}-`,
      'journal.db.before-2-',
    ]);
  });

  it('has no owner until a report names one', async () => {
    let now = NOW_V4;
    const collector = await startV4(() => now);
    for (const id of Object.keys(ANSWERS_V4.users)) {
      expect([id, (await collector.get(pathOf(id), bearer())).status]).toEqual([id, 404]);
    }
    now = new Date(now.getTime() + 1000);
    const timestamp = now.toISOString();
    for (const [id, reports] of [
      ['ada', 4],
      ['carol', 2],
      // Both were deleted, and come back.
      ['bob', 1],
      ['eve', 1],
    ] as const) {
      const mine = fullReport({ anonymous_id: id, timestamp });
      const refused = { ...fullReport({ anonymous_id: id }), owner: OTHER_OWNER, timestamp: 7 };
      await collector.post('/v1/reports', { reports: [refused, mine] });
      const { status, body } = await collector.get(pathOf(id), bearer());
      expect([id, status, body['total_reports']]).toEqual([id, 200, reports]);
      expect((await collector.get(pathOf(id), bearer(OTHER_PROOF))).status).toBe(404);
    }
  });

  it('comes to the same columns from every older schema', async () => {
    const fresh = await startCollector();
    await fresh.close();
    const fourth = await startV4();
    await fourth.close();
    const data = temporaryFolder();
    createCountsV2(data);
    const second = await startCollector({ data });
    await second.post('/v1/reports', fullReport());
    expect((await second.get(pathOf('9f86d081884c7d65'), bearer())).status).toBe(200);
    await second.close();
    expect(columnsOf(fourth.data)).toEqual(columnsOf(second.data));
    expect(new Set(columnsOf(fresh.data) as object[])).toEqual(
      new Set(columnsOf(second.data) as object[]),
    );
  });
});
