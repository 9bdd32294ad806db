import type { RejectedReport } from 'headcount/wire';
import type { ReportEntry } from '../journal/journal-entry.js';
import { checkReport, toRejectedReport, type Rejection } from './check-report.js';
import { toJournalEntry, type Receipt } from './to-journal-entry.js';

/** What can be kept of a request's reports, and what was refused. */
export interface Taken {
  readonly entries: readonly ReportEntry[];
  readonly rejected: readonly RejectedReport[];
  /** The first refusal, in full. */
  readonly firstRejection: Rejection | undefined;
}

/** Checks reports and makes journal entries of those that can be read. */
export function takeReports(reports: readonly unknown[], receipt: Receipt): Taken {
  const entries: ReportEntry[] = [];
  const rejected: RejectedReport[] = [];
  let firstRejection: Rejection | undefined;
  for (const [index, value] of reports.entries()) {
    const checked = checkReport(value);
    if (checked.report !== undefined) {
      entries.push(toJournalEntry(checked.report, receipt));
      continue;
    }
    firstRejection ??= checked.rejection;
    rejected.push(toRejectedReport(checked.rejection, index));
  }
  return { entries, rejected, firstRejection };
}
