import type { KeyObject } from 'node:crypto';
import type { Admission } from '../access/projects.js';
import type { Mark, ReportEntry } from '../journal/journal-entry.js';
import { deriveUid } from '../privacy/uid.js';
import { readEvent } from './read-event.js';
import { readFacts } from './read-facts.js';
import { readInstant } from './read-instant.js';
import type { ReportInput } from './report-input.js';
import { toReportKey } from './report-key.js';

/** What a report does not say itself. */
export interface Receipt {
  /** The key of user hashes. */
  readonly pepper: KeyObject;
  readonly receivedAt: Date;
  /** The client's clock when it sent the batch, as it wrote it. */
  readonly sentAt?: string | undefined;
}

/**
 * Turns a checked report into what is kept of it. The ID goes no further than this function.
 *
 * @param admission - What its project declares, if it does, and the zone its days are told in.
 */
export function toJournalEntry(
  report: ReportInput,
  receipt: Receipt,
  { events, zone }: Pick<Admission & { isAdmitted: true }, 'events' | 'zone'>,
): ReportEntry {
  const project = report.project.toWellFormed();
  const uid = deriveUid(receipt.pepper, project, report.anonymous_id);
  const { cut, unknownFields, ...facts } = readFacts(report);
  const at = readInstant(report.timestamp);
  const sentAt = receipt.sentAt === undefined ? 'local' : readInstant(receipt.sentAt);

  const { event, fields, ...read } = readEvent(report, events);

  const marks = new Set<Mark>(read.marks);
  if (unknownFields) marks.add('unknown_fields');
  if (cut) marks.add('values_cut');
  if (at === 'unreadable' || sentAt === 'unreadable') marks.add('timestamps_unreadable');

  return {
    kind: 'report',
    ...facts,
    receivedAt: receipt.receivedAt.getTime(),
    at: typeof at === 'number' ? at : null,
    sentAt: typeof sentAt === 'number' ? sentAt : null,
    zone,
    project,
    uid,
    reportKey: report.report_id === undefined ? null : toReportKey(report.report_id, uid),
    event,
    fields,
    marks: [...marks],
  };
}
