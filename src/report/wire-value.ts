import { type Field, isCoarseSemver } from '../wire/manifest.js';
import type { FieldValue } from '../wire/report.js';

/** The value as a report contains it, or `undefined` if it was not declared. */
export function wireValue(field: Field, value: unknown): FieldValue | undefined {
  const number = typeof value === 'number' ? value : NaN;
  switch (field.kind) {
    case 'enum':
      return field.values.find((one) => one === value);
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'bucket':
      // If no bound is above the value, findIndex() gives -1: the last range.
      return Number.isFinite(number)
        ? field.values.at(field.bounds.findIndex((bound) => number < bound))
        : undefined;
    case 'count': {
      const count = Math.min(number, field.max);
      return count >= 0 && count % 1 === 0 ? count : undefined;
    }
    case 'semver': {
      // A longer one is no version, and is not searched.
      if (typeof value !== 'string' || value.length > 64) return undefined;
      const plain = value.replace(/^v|\+.*$/g, '');
      return isCoarseSemver(plain) ? plain : undefined;
    }
  }
}
