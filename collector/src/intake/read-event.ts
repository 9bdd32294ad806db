import {
  EVENT_NAME,
  FIELD_NAME,
  type FieldValue,
  isAllowedValue,
  type ManifestEvents,
} from 'headcount/wire';
import { isRecord } from '../is-record.js';
import type { Mark } from '../rules/counted-report.js';
import { MAX_FIELDS } from './limits.js';
import { readText } from './read-facts.js';

/** What a report says of what happened, as far as it may be kept. */
export interface ReadEvent {
  readonly event: string | null;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Why something was left out, each reason once. */
  readonly marks: readonly Mark[];
}

/**
 * Reads the event and its fields. What is not declared is left out and marked; the rest of the
 * report is kept.
 *
 * @param events - What the project declares, if it does: then nothing else is kept.
 */
export function readEvent(report: object, events: ManifestEvents | undefined): ReadEvent {
  const name = 'event' in report ? report.event : undefined;
  const given = 'fields' in report ? report.fields : undefined;
  const fields = isRecord(given) ? given : {};
  return events === undefined ? readAny(name, fields) : readDeclared(name, fields, events);
}

function readDeclared(name: unknown, given: object, events: ManifestEvents): ReadEvent {
  // The first generation knows no events.
  if (name === undefined) return { event: null, fields: {}, marks: [] };
  const declared = typeof name === 'string' && Object.hasOwn(events, name) && events[name];
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
