import type { FieldDropCounts, FieldDropReason } from '../drop-reasons.js';
import { type Field, isAllowedValue } from '../wire/manifest.js';
import type { FieldValue } from '../wire/report.js';
import type { Sanitizer } from './sanitizer.js';

type Declared = Readonly<Record<string, Field>>;

/** Lets through the fields that were declared, and counts the rest. Never throws. */
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
    // A name that is made at run time may say as much as a value.
    if (!field || clean(name) !== name) return drop('undeclared-field');
    const raw: unknown = read(given, name);
    if (raw === undefined) return; // as if it were left out
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

/** The names in an object; `undefined` for what is none, or a long list of bytes or the like. */
function namesIn(fields: unknown): string[] | undefined {
  try {
    const isObject = typeof fields === 'object' && fields !== null;
    if (!isObject || Array.isArray(fields) || ArrayBuffer.isView(fields)) return undefined;
    return Object.keys(fields);
  } catch {
    return undefined; // a proxy that throws, or is revoked
  }
}

/** Once: a getter may answer differently the second time. */
function read(fields: object, name: string): unknown {
  try {
    return (fields as Record<string, unknown>)[name];
  } catch {
    return null; // a getter that throws has no value of those that were declared
  }
}

/** No version is longer. */
const MAX_SEMVER = 64;

/** A value as a report says it, or `undefined` where it is not one that was declared. */
function wireValue(field: Field, value: unknown): FieldValue | undefined {
  const converted = convert(field, value);
  return isAllowedValue(field, converted) ? converted : undefined;
}

function convert(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case 'bucket':
      // Where no bound is above it: at(-1), the last range.
      return typeof value === 'number' && Number.isFinite(value)
        ? field.values.at(field.bounds.findIndex((bound) => value < bound))
        : undefined;
    case 'count':
      return typeof value === 'number' ? Math.min(value, field.max) : undefined;
    case 'semver':
      return typeof value === 'string' && value.length <= MAX_SEMVER
        ? value.replace(/^v|\+.*$/g, '')
        : undefined;
    case 'enum':
    case 'boolean':
      return value;
  }
}
