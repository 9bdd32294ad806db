import type { Unit } from '../health/conditions.js';
import { type Family, sampleOf } from './family.js';

/** What is measured in some units of `/health`, in the one that metrics have for it. */
const byUnit = (
  { name, what }: { readonly name: string; readonly what: string },
  sizes: Partial<Record<Unit, number>>,
): Family => ({
  name: `condition_${name}`,
  type: 'gauge',
  help: `The value of a condition of /health by which it begins: ${what}. Missing if it is not known.`,
  labels: ['condition'],
  read: ({ health }) =>
    health.conditions.flatMap(({ name: condition, value, unit }) => {
      const size = unit === null ? undefined : sizes[unit];
      return size === undefined || value === null ? [] : sampleOf(value / size, { condition });
    }),
});

/** The value of each condition, in the family of its unit. */
export const CONDITION_VALUE_FAMILIES: readonly Family[] = [
  byUnit({ name: 'seconds', what: 'a time' }, { seconds: 1, milliseconds: 1000 }),
  byUnit({ name: 'ratio', what: 'a share of what there is' }, { percent: 100 }),
  byUnit({ name: 'bytes', what: 'a size' }, { bytes: 1 }),
  byUnit({ name: 'items', what: 'a number of things, such as lost lines' }, { count: 1 }),
];
