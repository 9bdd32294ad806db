import { bucketLabels, type Field, isAllowedValue } from '../wire/manifest.js';

const BOUNDS = [10, 100, 1_000, 10_000, 60_000, 600_000];

/** What `timed: true` declares, and `time()` fills. */
export const TIMED_FIELDS: Readonly<Record<'durationMs' | 'outcome', Field>> = {
  durationMs: {
    kind: 'bucket',
    bounds: BOUNDS,
    values: bucketLabels(BOUNDS),
    description: 'How long it took, in milliseconds.',
  },
  outcome: {
    kind: 'enum',
    values: ['ok', 'error'],
    description: 'Whether it failed. Never how: no text of an error is collected.',
  },
};

/** Whether a declaration of an app's own can hold what `time()` finds. */
export function isTimed(name: string, field: Field): boolean {
  if (name === 'durationMs') return field.kind === 'bucket';
  return name !== 'outcome' || ['ok', 'error'].every((word) => isAllowedValue(field, word));
}
