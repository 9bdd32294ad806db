import type { FieldDropCounts, FieldDropReason } from '../drop-reasons.js';
import type { Field } from '../wire/manifest.js';
import type { FieldValue } from '../wire/report.js';
import type { Sanitizer } from './sanitizer.js';
import { wireValue } from './wire-value.js';

type Declared = Readonly<Record<string, Field>>;

/** Accepts declared fields and counts all others. Never throws. */
export type FieldChecker = (
  declared: Declared,
  fields: unknown,
  measured: Readonly<Record<string, unknown>>,
) => Record<string, FieldValue>;

/** See {@link FieldChecker}. */
export function createFieldChecker(
  { clean, cleanOwn }: Sanitizer,
  droppedFields: FieldDropCounts,
): FieldChecker {
  const drop = (reason: FieldDropReason): void =>
    void (droppedFields[reason] = (droppedFields[reason] ?? 0) + 1);

  function keep(
    declared: Declared,
    given: object,
    name: string,
    kept: Record<string, FieldValue>,
  ): void {
    const field = Object.hasOwn(declared, name) ? declared[name] : undefined;
    // A name that the app builds at run time may be as personal as a value.
    if (!field || clean(name) !== name) return drop('undeclared-field');
    const raw: unknown = read(given, name);
    if (raw === undefined) return; // counts as not given
    const value = wireValue(field, raw);
    if (value === undefined) return drop('invalid-value');
    kept[name] = field.kind === 'enum' ? cleanOwn(String(value)) : value;
  }

  return (declared, fields, measured) => {
    const kept: Record<string, FieldValue> = {};
    const names = fields === undefined ? [] : namesIn(fields);
    if (names) for (const name of names) keep(declared, fields as object, name, kept);
    else drop('invalid-value');
    for (const name of Object.keys(measured)) {
      if (Object.hasOwn(declared, name)) keep(declared, measured, name, kept);
    }
    return kept;
  };
}

/** The names in an object; `undefined` for other values, arrays and typed arrays. */
function namesIn(fields: unknown): string[] | undefined {
  try {
    const isObject = typeof fields === 'object' && fields !== null;
    if (!isObject || Array.isArray(fields) || ArrayBuffer.isView(fields)) return undefined;
    return Object.keys(fields);
  } catch {
    return undefined; // a proxy that throws or is revoked
  }
}

/** Each field is read only once: a getter may return another value the second time. */
function read(fields: object, name: string): unknown {
  try {
    return (fields as Record<string, unknown>)[name];
  } catch {
    return null; // a getter that throws has no declared value
  }
}
