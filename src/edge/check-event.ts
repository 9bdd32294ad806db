import type { EventDeclarations, FieldDeclaration } from '../report/declared-events.js';
import { wireValue } from '../report/wire-value.js';
import type { Field } from '../wire/manifest.js';
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
    const value = wireValue(fieldOf(declared), given[name]);
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

const fieldOf = (declared: FieldDeclaration): Field =>
  'kind' in declared ? declared : { kind: 'enum', values: declared };
