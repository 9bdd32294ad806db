import { isOfPeople } from '../../rules/give-up-places.js';
import { MAX_DIMENSIONS } from '../../rules/limits.js';
import { takesValue } from '../takes-value.js';
import { type KnownProject, sizesOf } from './known-projects.js';

/** What becomes of a value without a place, as far as that is known without a lock. */
export function fateOfValue(
  project: KnownProject,
  dimension: string,
): 'dropped' | 'other' | 'unknown' {
  if (project.sizes === undefined || project.sizedAt !== project.nextValue) return 'unknown';
  const known = sizesOf(project, dimension);
  const isFull = known.ofDimension === 0 && project.sizes.size >= MAX_DIMENSIONS;
  if (isFull && !isOfPeople(dimension)) return 'dropped';
  return takesValue(dimension, known, () => 'people') ? 'unknown' : 'other';
}
