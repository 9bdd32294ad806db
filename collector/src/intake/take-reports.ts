import type { RejectedReport } from 'headcount/wire';
import type { Admission } from '../access/projects.js';
import type { ReportEntry } from '../journal/journal-entry.js';
import { checkReport, type Rejection } from './check-report.js';
import { explainRefusal } from './explain-refusal.js';
import { toJournalEntry, type Receipt } from './to-journal-entry.js';

/** What can be kept of a request's reports, and what was refused. */
export interface Taken {
  readonly entries: readonly ReportEntry[];
  readonly rejected: readonly RejectedReport[];
  /** The refusal that stands for all where nothing was taken, in full. */
  readonly chief: (Rejection & { readonly index: number }) | undefined;
}

export interface TakeParts extends Receipt {
  /** Asks a report's project whether it takes it. */
  readonly admit: (project: string) => Admission;
}

/** Checks reports and makes journal entries of those that can be read and are taken. */
export function takeReports(reports: readonly unknown[], parts: TakeParts): Taken {
  const entries: ReportEntry[] = [];
  const rejections: (Rejection & { readonly index: number })[] = [];
  for (const [index, value] of reports.entries()) {
    const checked = checkReport(value);
    if (checked.report === undefined) {
      rejections.push({ ...checked.rejection, index });
      continue;
    }
    const admission = parts.admit(checked.report.project.toWellFormed());
    if (admission.isAdmitted) {
      entries.push(toJournalEntry(checked.report, parts, admission));
    } else {
      rejections.push({ ...explainRefusal(admission.refusal), index });
    }
  }
  return { entries, rejected: rejections.map(toRejectedReport), chief: chiefOf(rejections) };
}

function toRejectedReport({ index, code, path, retry }: Taken['rejected'][number]): RejectedReport {
  return { index, code, path, retry };
}

/**
 * A client stops for good at 410, and keeps what it has at 503: so a closed project speaks for all
 * only where it does, and what may be sent again comes before what may not.
 */
function chiefOf(rejections: readonly (Rejection & { readonly index: number })[]): Taken['chief'] {
  return (
    rejections.find(({ retry }) => retry) ??
    rejections.find(({ code }) => code !== 'project_closed') ??
    rejections[0]
  );
}
