import { createHash, randomUUID } from 'node:crypto';
import type { ReportInput } from '../intake/check-report.js';
import { INFO_FIELDS } from '../intake/read-facts.js';
import { isRecord } from '../is-record.js';
import type { KeptReport } from './relay-entry.js';

/** Texts are counted by fewer characters; longer ones are marked as cut, and must stay too long. */
const MAX_TEXT = 512;

/** Longer IDs of reports are replaced by their hash, alike on every relay. */
const MAX_REPORT_ID = 200;

/** Twice as many as a client may send, so that the collector sees that there are too many. */
const MAX_FIELDS = 128;

/**
 * Keeps of a report what collectors count by. One without an ID gets one, since it may be passed on
 * more than once. It is no UUIDv7, which would tell a moment.
 */
export function keepKnown(report: ReportInput): KeptReport {
  const given: ReportInput & Readonly<Partial<Record<string, unknown>>> = report;
  const { lost_total: lost, event, owner, fields } = given;
  return {
    report_id: toReportId(report.report_id ?? undefined),
    anonymous_id: report.anonymous_id,
    ...(isSet(owner) && { owner: keepValue(owner) }),
    timestamp: report.timestamp.slice(0, MAX_TEXT),
    project: report.project,
    ...(isSet(event) && { event: keepValue(event) }),
    ...(typeof lost === 'number' && { lost_total: lost }),
    info: keepMembers(report.info, (name) => INFO_FIELDS.has(name)),
    ...(isRecord(fields) && { fields: keepMembers(fields, (name) => name.length <= MAX_TEXT) }),
  };
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null;

function toReportId(id: string | undefined): string {
  if (id === undefined) return randomUUID();
  return id.length <= MAX_REPORT_ID ? id : createHash('sha256').update(id).digest('base64url');
}

function keepMembers(
  value: object,
  isKept: (name: string) => boolean,
): Readonly<Record<string, unknown>> {
  const kept = Object.entries(value).filter(([name, of]) => isKept(name) && isSet(of));
  return Object.fromEntries(
    kept.slice(0, MAX_FIELDS).map(([name, of]) => [name, keepValue(of)] as const),
  );
}

/** Of what is no scalar, collectors can read nothing; `[]` stands for it. */
function keepValue(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, MAX_TEXT);
  return typeof value === 'number' || typeof value === 'boolean' ? value : [];
}
