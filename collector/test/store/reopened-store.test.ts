import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { CountedReport } from '../../src/rules/counted-report.js';
import { REMEMBERED_DAYS } from '../../src/rules/limits.js';
import { openCountsReader } from '../../src/store/sqlite/counts-reader.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { countedReport, DAY_MS, TODAY } from '../support/counted-report.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const reportOf = (key: string, day: number): CountedReport =>
  countedReport({ reportKey: Buffer.from(key.padEnd(16)), day, receivedDay: day });

it('remembers as long as any what came by a clock that fell back before a restart', async () => {
  const path = join(temporaryFolder(), 'counts.db');
  let position = 0;
  const countAnew = async (key: string, receivedDay: number): Promise<void> => {
    const writer = openCountsWriter(path, 0);
    await writer.apply({
      journalId: 'j',
      after: position,
      upTo: ++position,
      reports: [reportOf(key, receivedDay)],
      deletions: [],
      appliedAt: receivedDay * DAY_MS,
    });
    await writer.close();
  };
  await countAnew('before', TODAY);
  await countAnew('behind', TODAY - 10);
  await countAnew('after', TODAY + REMEMBERED_DAYS - 1);
  await countAnew('behind', TODAY + REMEMBERED_DAYS - 1);
  const reader = openCountsReader(path);
  expect(await reader.quality({ project: null })).toEqual({ accepted: 3, duplicates: 1 });
  await reader.close();
});
