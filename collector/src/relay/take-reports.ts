import { checkReport } from '../intake/check-report.js';
import type { ClockGuard } from '../intake/clock-guard.js';
import { findNewest } from '../intake/note-newest.js';
import type { ReportTaker } from '../intake/reports-route.js';
import { readInstant } from '../intake/to-journal-entry.js';
import type { JournalOf } from '../journal/journal.js';
import { MAX_AHEAD_MS } from '../rules/clock-gap.js';
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
    take: async (reports, { sentAt, key, claim } = {}) => {
      const receivedAt = clock.now().getTime();
      const kept: RelayEntry['report'][] = [];
      const rejections = [];
      for (const [index, value] of reports.entries()) {
        const checked = checkReport(value);
        if (checked.report === undefined) rejections.push({ ...checked.rejection, index });
        else kept.push(keepKnown(checked.report));
      }
      if (kept.length > 0) {
        claim?.take(countProjects(kept));
        const batch = { receivedAt, sentAt: sentAt?.slice(0, MAX_INSTANT), key };
        const newestAt = findNewestOf(kept, batch);
        const entries = kept.map((report): RelayEntry => ({ ...batch, newestAt, report }));
        await journal.append(entries);
        onAccepted(entries.length);
      }
      for (const { code } of rejections) onRejected(code);
      return {
        entries: kept,
        rejected: rejections.map(({ index, code, path, retry }) => ({ index, code, path, retry })),
        chief: rejections[0],
      };
    },
  };
}

/** A longer text is no moment, and stays none. */
const MAX_INSTANT = 64;

function countProjects(reports: readonly RelayEntry['report'][]): ReadonlyMap<string, number> {
  const projects = new Map<string, number>();
  for (const { project } of reports) projects.set(project, (projects.get(project) ?? 0) + 1);
  return projects;
}

const NO_UID = new Uint8Array();

/** It matters only where the batch was received later than it says that it was sent. */
function findNewestOf(
  reports: readonly RelayEntry['report'][],
  { receivedAt, sentAt }: Pick<RelayEntry, 'receivedAt' | 'sentAt'>,
): number | null {
  const sent = sentAt === undefined ? 'local' : readInstant(sentAt);
  if (typeof sent !== 'number' || receivedAt - sent <= MAX_AHEAD_MS) return null;
  const times = reports.map(({ timestamp, report_id: id }) => {
    const at = readInstant(timestamp);
    return { at: typeof at === 'number' ? at : null, reportKey: toReportKey(id, NO_UID) };
  });
  return findNewest(times, receivedAt);
}
