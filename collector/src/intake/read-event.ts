import {
  ALIVE_EVENT,
  EVENT_NAME,
  FIELD_NAME,
  type FieldValue,
  isAllowedValue,
  type ManifestEvent,
  type ManifestEvents,
} from 'headcount/wire';
import { isRecord } from '../is-record.js';
import type { Mark } from '../rules/counted-report.js';
import { MAX_FIELDS } from './limits.js';
import { readText } from './read-facts.js';

/** The event of a report, as far as it may be kept. */
export interface ReadEvent {
  readonly event: string | null;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** The reasons why something was left out, each once. */
  readonly marks: readonly Mark[];
}

/**
 * Reads the event and its fields. Undeclared parts are left out and marked; the rest is kept.
 *
 * @param events - The project's declared events; `undefined` if it has no manifest.
 */
export function readEvent(report: object, events: ManifestEvents | undefined): ReadEvent {
  const name = 'event' in report ? report.event : undefined;
  const given = 'fields' in report ? report.fields : undefined;
  const fields = isRecord(given) ? given : {};
  return events === undefined ? readAny(name, fields) : readDeclared(name, fields, events);
}

/** Every manifest allows it, also one that was written before it existed. */
const ALIVE: ManifestEvent = { description: '', fields: {} };

function readDeclared(name: unknown, given: object, events: ManifestEvents): ReadEvent {
  // Reports of the first generation have no event.
  if (name === undefined) return { event: null, fields: {}, marks: [] };
  const declared =
    typeof name === 'string' &&
    (Object.hasOwn(events, name) ? events[name] : name === ALIVE_EVENT && ALIVE);
  if (typeof name !== 'string' || !declared) {
    return { event: null, fields: {}, marks: ['undeclared_events'] };
  }
  const fields: Record<string, FieldValue> = {};
  const marks = new Set<Mark>();
  for (const [key, value] of Object.entries(given)) {
    const field = Object.hasOwn(declared.fields, key) ? declared.fields[key] : undefined;
    if (field === undefined) marks.add('undeclared_fields');
    else if (isAllowedValue(field, value)) fields[key] = value;
    else marks.add('undeclared_values');
  }
  return { event: name, fields, marks: [...marks] };
}

function readAny(name: unknown, given: object): ReadEvent {
  const fields: Record<string, FieldValue> = {};
  const marks = new Set<Mark>();
  for (const [index, [key, value]] of Object.entries(given).entries()) {
    const read = readValue(value);
    if (read === undefined || index >= MAX_FIELDS || !FIELD_NAME.test(key)) {
      marks.add('unknown_fields');
      continue;
    }
    if (read.cut) marks.add('values_cut');
    fields[key] = read.value;
  }
  const isName = typeof name === 'string' && EVENT_NAME.test(name);
  return { event: isName ? name : null, fields, marks: [...marks] };
}

function readValue(value: unknown): { value: FieldValue; cut: boolean } | undefined {
  if (typeof value === 'boolean' || Number.isFinite(value)) {
    return { value: value as boolean | number, cut: false };
  }
  return readText(value);
}
