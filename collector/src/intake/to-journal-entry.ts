import type { KeyObject } from 'node:crypto';
import type { Admission } from '../access/projects.js';
import type { ReportEntry } from '../journal/journal-entry.js';
import type { Mark } from '../rules/counted-report.js';
import { hashOwner, isOwner } from '../rules/owner.js';
import { toReportKey } from '../rules/report-key.js';
import { deriveUid, isSharedId } from '../rules/uid.js';
import type { ReportInput } from './check-report.js';
import { readEvent } from './read-event.js';
import { readFacts } from './read-facts.js';

/** Facts about a report that it does not contain. */
export interface Receipt {
  /** The key of user hashes. */
  readonly pepper: KeyObject;
  readonly receivedAt: Date;
  /** The client's clock when it sent the batch, as it wrote it. */
  readonly sentAt?: string | undefined;
  /** The country that the request came from; `undefined` if it was not looked up. */
  readonly country?: string | undefined;
}

/**
 * Turns a checked report into a journal entry. Neither the ID nor its owner goes further than
 * this function.
 *
 * @param admission - The project's declared events and listed facts, if any, and its time zone.
 */
export function toJournalEntry(
  report: ReportInput,
  receipt: Receipt,
  { events, listed, zone }: Pick<Admission & { isAdmitted: true }, 'events' | 'listed' | 'zone'>,
): ReportEntry {
  const project = report.project.toWellFormed();
  const uid = deriveUid(receipt.pepper, project, report.anonymous_id);
  const { report_id: reportId = null } = report;
  const { cut, unexpected, unknownFields, facts, ...rest } = readFacts(report, listed);
  const { country } = receipt;
  const at = readInstant(report.timestamp);
  const sentAt = receipt.sentAt === undefined ? 'local' : readInstant(receipt.sentAt);

  const { event, fields, ...read } = readEvent(withoutNullEvent(report), events);

  const marks = new Set<Mark>(read.marks);
  if (unknownFields) marks.add('unknown_fields');
  if (cut) marks.add('values_cut');
  if (unexpected) marks.add('values_unexpected');
  if (at === 'unreadable' || sentAt === 'unreadable') marks.add('timestamps_unreadable');

  return {
    kind: 'report',
    ...rest,
    facts: country === undefined ? facts : { ...facts, country },
    receivedAt: receipt.receivedAt.getTime(),
    at: typeof at === 'number' ? at : null,
    sentAt: typeof sentAt === 'number' ? sentAt : null,
    newestAt: null,
    zone,
    project,
    uid,
    ownerHash: readOwner(report, project, receipt.pepper),
    reportKey: reportId === null ? null : toReportKey(reportId, uid),
    event,
    fields,
    marks: [...marks],
  };
}

/** A report whose event is null has none, as one of the first generation. */
const withoutNullEvent = (report: ReportInput): object =>
  'event' in report && report.event === null ? { ...report, event: undefined } : report;

/** An ID that many share is nobody's, whatever a report says. */
function readOwner(report: ReportInput, project: string, pepper: KeyObject): Buffer | null {
  const { anonymous_id: id } = report;
  const owner: unknown = 'owner' in report ? report.owner : undefined;
  return isOwner(owner) && !isSharedId(id) ? hashOwner(pepper, project, id, owner) : null;
}

// A zone is required: without one, a local time of the first generation is no instant.
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/i;

const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?$/;

/**
 * Reads a client's timestamp.
 *
 * @returns Milliseconds since 1970; `'local'` for a time without a zone; `'unreadable'`.
 */
export function readInstant(text: string): number | 'local' | 'unreadable' {
  if (LOCAL_TIME.test(text)) return 'local';
  if (!INSTANT.test(text)) return 'unreadable';
  const at = Date.parse(text.toUpperCase().replace(',', '.'));
  return Number.isNaN(at) ? 'unreadable' : at;
}

/** The same in milliseconds since 1970; `null` for what tells no moment. */
export function readMoment(text: string | undefined): number | null {
  const instant = text === undefined ? 'local' : readInstant(text);
  return typeof instant === 'number' ? instant : null;
}
