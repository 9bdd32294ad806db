import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DISK_JOB } from '../../src/retention/disk-job.js';
import { openWriter } from '../../src/sqlite/database.js';
import { rebuildToGiveBack } from '../../src/sqlite/give-back.js';
import { fullReport, reportId } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const sizeOf = (data: string, ...files: string[]): number =>
  files.reduce(
    (sum, file) => sum + (statSync(join(data, file), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
const JOURNAL = ['journal.db', 'journal.db-wal'];

describe('the disk', () => {
  it('gets back what a peak of reports has taken in the journal, once they are counted', async () => {
    const collector = await startCollector();
    const { data } = collector;
    for (let batch = 0; batch < 20; batch++) {
      const reports = Array.from({ length: 500 }, () =>
        fullReport({ anonymous_id: reportId().slice(-16) }),
      );
      expect((await collector.post('/v1/reports', { reports })).status).toBe(202);
    }
    await until('everything is counted', async () => {
      return (await collector.get('/stats')).body['total_reports'] === 10_000;
    });
    const before = sizeOf(data, ...JOURNAL);
    expect(before).toBeGreaterThan(2_000_000);
    const { result } = await collector.jobs.runNow(DISK_JOB);
    expect(sizeOf(data, ...JOURNAL)).toBeLessThan(100_000);
    expect(sizeOf(data, 'counts.db-wal')).toBe(0);
    expect((result?.['bytes'] as { journal: number }).journal).toBeGreaterThan(before - 100_000);
    await collector.post('/v1/reports', fullReport());
    expect((await collector.get('/stats')).body).toMatchObject({ total_reports: 10_001 });
  });

  it('gets back what an older release has left: its databases are rebuilt at the start', async () => {
    const data = temporaryFolder();
    const first = await startCollector({ data });
    await first.post('/v1/reports', fullReport());
    await first.close();
    const path = join(data, 'journal.db');
    const old = openWriter(path, { walPages: 1000 });
    old.exec('PRAGMA auto_vacuum = NONE');
    old.exec('VACUUM');
    old.exec('CREATE TABLE filling(x)');
    const fill = old.prepare('INSERT INTO filling VALUES (randomblob(100000))');
    for (let n = 0; n < 50; n++) fill.run();
    old.exec('DROP TABLE filling');
    old.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    old.close();
    expect(sizeOf(data, 'journal.db')).toBeGreaterThan(5_000_000);
    expect(rebuildToGiveBack(path, 0)).toBe('too-large');
    const second = await startCollector({ data });
    expect(sizeOf(data, ...JOURNAL)).toBeLessThan(200_000);
    expect(second.log()).toContain('made ready to give room back');
    expect((await second.get('/stats')).body).toMatchObject({ total_reports: 1 });
    await second.close();
    expect(rebuildToGiveBack(path)).toBe('not-needed');
  });
});
