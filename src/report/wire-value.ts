import { type Field, isCoarseSemver } from '../wire/manifest.js';
import type { FieldValue } from '../wire/report.js';

/** The length of the longest valid version. */
const MAX_SEMVER = 64;

/** The value as a report contains it, or `undefined` if it was not declared. */
export function wireValue(field: Field, value: unknown): FieldValue | undefined {
  const text = typeof value === 'string' ? value : undefined;
  const number = typeof value === 'number' ? value : NaN;
  switch (field.kind) {
    case 'enum':
      return field.values.find((one) => one === text);
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'bucket':
      // If no bound is above the value, findIndex() gives -1: the last range.
      return Number.isFinite(number)
        ? field.values.at(field.bounds.findIndex((bound) => number < bound))
        : undefined;
    case 'count': {
      const count = Math.min(number, field.max);
      return Number.isInteger(count) && count >= 0 ? count : undefined;
    }
    case 'semver': {
      if (!text || text.length > MAX_SEMVER) return undefined;
      const plain = text.replace(/^v|\+.*$/g, '');
      return isCoarseSemver(plain) ? plain : undefined;
    }
  }
}
