import { roomOf } from '../rules/give-up-places.js';
import { MAX_DIMENSION_VALUES, MAX_DIMENSIONS, MAX_PROJECT_VALUES } from '../rules/limits.js';
import type { FullPlaces } from './questions.js';

/**
 * Finds what of a project is so full that rare values give their places up when a day closes.
 *
 * @param dimensions - All dimensions, with how many values each has.
 */
export function findFullPlaces(
  project: string,
  dimensions: readonly { readonly dimension: string; readonly size: number }[],
): FullPlaces[] {
  const values = dimensions.reduce((sum, { size }) => sum + size, 0);
  const all: FullPlaces[] = [
    ...dimensions.map(({ dimension, size }) => ({
      ...{ project, of: 'dimension_values' as const, dimension },
      ...{ used: size, limit: MAX_DIMENSION_VALUES },
    })),
    { project, of: 'project_values', dimension: null, used: values, limit: MAX_PROJECT_VALUES },
    {
      ...{ project, of: 'dimensions', dimension: null },
      ...{ used: dimensions.length, limit: MAX_DIMENSIONS },
    },
  ];
  return all.filter(({ used, limit }) => used > roomOf(limit));
}
