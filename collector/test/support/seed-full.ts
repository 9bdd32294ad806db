import { join } from 'node:path';
import { MAX_DIMENSION_VALUES } from '../../src/rules/limits.js';
import { openPepper } from '../../src/privacy/pepper.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { countedReport, DAY_MS } from './counted-report.js';

const FACTS = ['os_version', 'arch', 'runtime', 'runtime_version', 'agent'];

/** As long as it may be; each character takes the most bytes in JSON. */
const longest = (text: string, characters: number): string => text.padEnd(characters, '\u0001');

/**
 * Fills a data folder before a collector opens it: a project `big` with the most values in each
 * dimension, seen on several days, and many other projects. Its names and values are the longest.
 */
export async function seedFull(
  data: string,
  { now, projects }: { readonly now: Date; readonly projects: number },
): Promise<void> {
  openPepper(join(data, 'pepper'), true);
  const today = Math.floor(now.getTime() / DAY_MS);
  const writer = openCountsWriter(join(data, 'counts.db'), 0);
  const valueOf = (n: number): string => longest(`v${n}`, 64);
  const seenOn = (day: number) => ({ day, at: day * DAY_MS, madeAt: day * DAY_MS });
  const big = [0, 1, 2, 10].flatMap((back) =>
    Array.from({ length: MAX_DIMENSION_VALUES - 1 }, (_, n) =>
      countedReport({
        ...{ project: 'big', user: `u${n}`, ...seenOn(today - back) },
        ...{ os: valueOf(n), version: valueOf(n), event: 'build', fields: { size: valueOf(n) } },
        facts: Object.fromEntries(FACTS.map((name) => [name, valueOf(n)])),
      }),
    ),
  );
  const others = Array.from({ length: projects }, (_, n) =>
    countedReport({
      ...{ project: longest(`p${n}`, 214), user: `u${n}`, ...seenOn(today) },
      ...{ os: valueOf(n), version: valueOf(2 * n) },
    }),
  );
  const reports = [...big, ...others];
  await writer.apply({
    ...{ journalId: 'seed', after: 0, upTo: reports.length, reports, deletions: [] },
    appliedAt: now.getTime(),
  });
  await writer.close();
}
