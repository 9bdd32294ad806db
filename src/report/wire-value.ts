import { type Field, isAllowedValue } from '../wire/manifest.js';
import type { FieldValue } from '../wire/report.js';

/** No version is longer. */
const MAX_SEMVER = 64;

/** A value as a report says it, or `undefined` where it is not one that was declared. */
export function wireValue(field: Field, value: unknown): FieldValue | undefined {
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
