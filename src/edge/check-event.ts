import type { EventDeclarations, FieldDeclaration } from '../report/declared-events.js';
import { type Field, isAllowedValue } from '../wire/manifest.js';
import type { FieldValue } from '../wire/report.js';

/** The declared fields of a declared event; `undefined` if the event was not declared. */
export function checkEvent(
  events: EventDeclarations,
  event: string,
  given: Readonly<Record<string, unknown>>,
): Record<string, FieldValue> | undefined {
  if (event !== 'startup' && !Object.hasOwn(events, event)) return undefined;
  const kept: Record<string, FieldValue> = {};
  for (const [name, declared] of Object.entries(events[event]?.fields ?? {})) {
    const field = fieldOf(declared);
    const value = wireValue(field, given[name]);
    if (isAllowedValue(field, value)) kept[name] = value;
  }
  return kept;
}

const isList = (declared: FieldDeclaration): declared is readonly string[] =>
  Array.isArray(declared);

const fieldOf = (declared: FieldDeclaration): Field =>
  isList(declared) ? { kind: 'enum', values: declared } : declared;

function wireValue(field: Field, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  if (field.kind === 'count') return Math.min(value, field.max);
  // If no bound is above the value, findIndex() gives -1: the last range.
  return field.kind === 'bucket'
    ? field.values.at(field.bounds.findIndex((bound) => value < bound))
    : value;
}
