import { checkReport } from '../intake/check-report.js';
import type { ClockGuard } from '../intake/clock-guard.js';
import { type IndexedRejection, toTaken } from '../intake/intake.js';
import { findNewest, isLate } from '../intake/note-newest.js';
import type { ReportTaker } from '../intake/reports-route.js';
import { readMoment } from '../intake/to-journal-entry.js';
import { countReports } from '../intake/within-limits.js';
import type { JournalOf } from '../journal/journal.js';
import { toReportKey } from '../rules/report-key.js';
import { keepKnown } from './keep-known.js';
import type { RelayEntry } from './relay-entry.js';

export interface TakeReportsParts {
  readonly journal: Pick<JournalOf<RelayEntry>, 'append'>;
  readonly clock: Pick<ClockGuard, 'now'>;
  /** Called when reports are on disk, with their number. */
  readonly onAccepted: (reports: number) => void;
  /** Called for each report that is rejected, with the problem's code. */
  readonly onRejected: (code: string) => void;
}

/** Creates what checks reports as a collector does, and keeps them until they are passed on. */
export function createReportTaker(parts: TakeReportsParts): ReportTaker {
  const { journal, clock, onAccepted, onRejected } = parts;
  return {
    take: async (reports, { sentAt, key, claim, relayedBy } = {}) => {
      const receivedAt = clock.now().getTime();
      const kept: RelayEntry['report'][] = [];
      const rejections: IndexedRejection[] = [];
      for (const [index, value] of reports.entries()) {
        const checked = checkReport(value);
        if (checked.report === undefined) rejections.push({ ...checked.rejection, index });
        else kept.push(keepKnown(checked.report));
      }
      if (kept.length > 0) {
        claim?.take(countReports(kept));
        const batch = { receivedAt, sentAt: sentAt?.slice(0, MAX_INSTANT), key, relayedBy };
        const newestAt = findNewestOf(kept, batch);
        const entries = kept.map((report): RelayEntry => ({ ...batch, newestAt, report }));
        await journal.append(entries);
        onAccepted(entries.length);
      }
      for (const { code } of rejections) onRejected(code);
      return toTaken(kept, rejections);
    },
  };
}

/** A longer text is no moment, and stays none. */
const MAX_INSTANT = 64;

const NO_UID = new Uint8Array();

/** It matters only where the batch was received later than it says that it was sent. */
function findNewestOf(
  reports: readonly RelayEntry['report'][],
  { receivedAt, sentAt }: Pick<RelayEntry, 'receivedAt' | 'sentAt'>,
): number | null {
  if (!isLate({ receivedAt, sentAt: readMoment(sentAt) })) return null;
  const times = reports.map(({ timestamp, report_id: id }) => ({
    ...{ at: readMoment(timestamp), reportKey: toReportKey(id, NO_UID) },
  }));
  return findNewest(times, receivedAt);
}
