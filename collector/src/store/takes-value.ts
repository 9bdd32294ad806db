import { USER_DIMENSIONS } from '../counting/dimensions.js';
import { MAX_DIMENSION_VALUES, MAX_PROJECT_VALUES } from './store.js';

const ofPeople: ReadonlySet<string> = new Set(USER_DIMENSIONS);

/**
 * Whether a dimension gets a new value, beside `other`.
 *
 * @param known - How many values the dimension has, and all those of its project.
 */
export function takesValue(
  dimension: string,
  known: { readonly ofDimension: number; readonly ofProject: number },
): boolean {
  if (known.ofDimension >= MAX_DIMENSION_VALUES) return false;
  return known.ofProject < MAX_PROJECT_VALUES || ofPeople.has(dimension);
}
