import { dateIn } from './calendar.js';
import { isNoTime, momentsOf } from './naive-moments.js';
import { type Circumstances, looksRight, textOf, type WireReport } from './naive-report.js';

const REPORT_MEMBERS = [
  'report_id',
  'anonymous_id',
  'owner',
  'timestamp',
  'project',
  'event',
  'fields',
  'lost_total',
  'info',
];
const TEXTS = [
  'os',
  'os_version',
  'arch',
  'version',
  'runtime',
  'runtime_version',
  'agent',
  'channel',
  'level',
];
const INFO_MEMBERS = [...TEXTS, 'id_source', 'id_persisted', 'ci', 'container', 'wsl'];

/** What is put right of a report, or left out of it, by the names that `quality` counts it under. */
export function marksOf(report: WireReport, circumstances: Circumstances): string[] {
  const { receivedAt, sentAt, zone, declared } = circumstances;
  const timestamp = String(report['timestamp']);
  const { at, isClamped, mark, otherwise } = momentsOf(timestamp, circumstances);
  const info = report['info'] as Record<string, unknown>;
  const given = Object.entries((report['fields'] ?? {}) as Record<string, unknown>);
  const events = eventMarks(report['event'], given, declared);
  const marks = {
    late: dateIn(zone, at) < dateIn(zone, receivedAt),
    timestamps_clamped: isClamped,
    clock_corrected: mark === 'clock_corrected',
    delayed: mark === 'delayed',
    day_uncertain: otherwise !== undefined && dateIn(zone, otherwise) !== dateIn(zone, at),
    timestamps_unreadable: isNoTime(timestamp) || (sentAt !== undefined && isNoTime(sentAt)),
    values_cut: TEXTS.some((name) => isTooLong(info[name])) || events.includes('values_cut'),
    values_unexpected: TEXTS.some((name) => {
      const text = textOf(info[name]);
      return text !== undefined && !looksRight(name, text);
    }),
    unknown_fields:
      hasMore(report, REPORT_MEMBERS) ||
      hasMore(info, INFO_MEMBERS) ||
      events.includes('unknown_fields'),
    undeclared_events: events.includes('undeclared_events'),
    undeclared_fields: events.includes('undeclared_fields'),
    undeclared_values: events.includes('undeclared_values'),
  };
  return Object.entries(marks).flatMap(([name, is]) => (is ? [name] : []));
}

function eventMarks(
  event: unknown,
  given: readonly (readonly [string, unknown])[],
  declared: Circumstances['declared'],
): string[] {
  if (declared === undefined) {
    return given.flatMap(([, value]) => {
      if (typeof value === 'boolean' || typeof value === 'number') return [];
      if (textOf(value) === undefined) return ['unknown_fields'];
      return isTooLong(value) ? ['values_cut'] : [];
    });
  }
  if (event === undefined || event === null) return [];
  const fields =
    typeof event === 'string'
      ? (declared[event] ?? (event === 'alive' ? {} : undefined))
      : undefined;
  if (fields === undefined) return ['undeclared_events'];
  return given.flatMap(([name, value]) => {
    if (fields[name] === undefined) return ['undeclared_fields'];
    return fields[name].includes(value) ? [] : ['undeclared_values'];
  });
}

const isTooLong = (value: unknown): boolean =>
  typeof value === 'string' && value.trim().length > 64;

/** What is null is not there. */
const hasMore = (given: object, known: readonly string[]): boolean =>
  Object.entries(given).some(([name, value]) => value !== null && !known.includes(name));
