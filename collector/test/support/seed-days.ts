import { join } from 'node:path';
import { openPepper } from '../../src/privacy/pepper.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { countedReport, DAY_MS } from './counted-report.js';

/**
 * Fills a data folder before a collector opens it: 60 days of projects with about 100 people a day,
 * and as many as given yesterday.
 */
export async function seedDays(
  data: string,
  now: Date,
  yesterday: Readonly<Record<string, number>>,
): Promise<void> {
  const today = Math.floor(now.getTime() / DAY_MS);
  openPepper(join(data, 'pepper'), true);
  const writer = openCountsWriter(join(data, 'counts.db'), 0);
  const reports = Object.entries(yesterday).flatMap(([project, last]) =>
    Array.from({ length: 60 }, (_, at) => 60 - at).flatMap((ago) => {
      const day = today - ago;
      const people = ago === 1 ? last : 98 + (day % 5);
      return Array.from({ length: people }, (_, n) =>
        countedReport({
          ...{ project, user: `u${n}`, receivedDay: day, day },
          ...{ at: day * DAY_MS + 1, madeAt: day * DAY_MS + 1 },
        }),
      );
    }),
  );
  await writer.apply({
    ...{ journalId: 'seed', after: 0, upTo: reports.length, reports, deletions: [] },
    appliedAt: now.getTime(),
  });
  await writer.close();
}
