import { type Field, isAllowedValue } from '../wire/manifest.js';
import type { FieldValue } from '../wire/report.js';

/** The length of the longest valid version. */
const MAX_SEMVER = 64;

/** The value as a report contains it, or `undefined` if it was not declared. */
export function wireValue(field: Field, value: unknown): FieldValue | undefined {
  const converted = convert(field, value);
  return isAllowedValue(field, converted) ? converted : undefined;
}

function convert(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case 'bucket':
      // If no bound is above the value, findIndex() gives -1: the last range.
      return Number.isFinite(value)
        ? field.values.at(field.bounds.findIndex((bound) => Number(value) < bound))
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
