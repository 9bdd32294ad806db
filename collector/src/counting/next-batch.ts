import { decodeEntry } from '../journal/journal-entry.js';
import type { JournalRow } from '../journal/journal-reader.js';
import type { Batch, Deletion } from '../store/store-writer.js';
import { countReport } from './count-report.js';
import type { CountedReport } from './counted-report.js';
import { dayOf, DEFAULT_ZONE } from './day.js';
import type { FoldedQuality } from './fold.js';
import { isTooOld } from './too-old.js';

/**
 * Makes a batch of the next rows: reports, then deletions. It ends where a report follows on a
 * deletion, so that a store need not know their order.
 *
 * @returns `undefined` if there are no rows.
 */
export function nextBatch(
  rows: readonly JournalRow[],
): Omit<Required<Batch>, 'journalId' | 'after'> | undefined {
  const reports: CountedReport[] = [];
  const deletions: Deletion[] = [];
  const quality: FoldedQuality[] = [];
  let upTo: number | undefined;
  let appliedAt: number | null = null;
  for (const { position, body } of rows) {
    const entry = decodeEntry(body);
    if (entry.kind === 'refusals') {
      for (const { code, n, ...rest } of entry.counts) {
        quality.push({ ...rest, kind: `rejected:${code}`, count: n });
      }
    } else if (entry.kind === 'report' && isTooOld(entry)) {
      const day = dayOf(entry.receivedAt, DEFAULT_ZONE);
      quality.push({ project: entry.project, day, kind: 'too_old', count: 1 });
    } else if (entry.kind === 'report') {
      if (deletions.length > 0) break;
      reports.push(countReport(entry));
    } else {
      const { project, uid, receivedAt } = entry;
      deletions.push({ project, uid, deletedAt: receivedAt });
    }
    upTo = position;
    if (entry.kind !== 'refusals') appliedAt = entry.receivedAt;
  }
  return upTo === undefined ? undefined : { upTo, reports, deletions, quality, appliedAt };
}
