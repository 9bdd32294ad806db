import type { Field, ManifestEvents } from './manifest.js';
import { REPORT_FACTS_VERSION } from './report.js';

/**
 * What people agree to when they leave telemetry on, as 16 hex digits: the facts of every report,
 * and each event with its fields and their values. The order of anything does not matter, nor do
 * descriptions: a corrected word is no new question.
 *
 * @param sha256 - the SHA-256 of a text, as hex
 */
export function eventsHash(events: ManifestEvents, sha256: (text: string) => string): string {
  const canonical = sortedEntries(events).map(([name, { fields }]) => [
    name,
    ...sortedEntries(fields).map(([field, declaration]) => [field, ...meaningOf(declaration)]),
  ]);
  return sha256(JSON.stringify([REPORT_FACTS_VERSION, canonical])).slice(0, 16);
}

function meaningOf(field: Field): readonly (string | number)[] {
  switch (field.kind) {
    case 'enum':
      return [field.kind, ...field.values.toSorted()];
    case 'bucket':
      return [field.kind, ...field.bounds];
    case 'count':
      return [field.kind, field.max];
    case 'boolean':
    case 'semver':
      return [field.kind];
  }
}

const sortedEntries = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.keys(record)
    .sort()
    .map((key) => [key, record[key] as T]); // the cast: its own keys
