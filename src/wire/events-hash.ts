import type { Field, ManifestEvents } from './manifest.js';
import { REPORT_FACTS_VERSION } from './report.js';

/**
 * A hash of everything that a user agrees to when telemetry is on, as 16 hex digits: the facts of
 * every report, and each event with its fields and their values. Order and descriptions do not
 * count: users need not agree again to a corrected description. Not a cryptographic hash.
 */
export function eventsHash(events: ManifestEvents): string {
  const meaning = sortedEntries(events).map(([name, { fields }]) => [
    name,
    ...sortedEntries(fields).map(([field, declaration]) => [field, ...meaningOf(declaration)]),
  ]);
  const text = JSON.stringify([REPORT_FACTS_VERSION, meaning]);
  return fnv1a(text, 0x811c9dc5) + fnv1a(text, 0x01234567);
}

/**
 * FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/, with two seeds. Loading node:crypto would
 * cost a program more at each start than the rest of a notice.
 */
function fnv1a(text: string, seed: number): string {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
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
