import { isOfPeople } from '../rules/give-up-places.js';
import { MAX_DIMENSION_VALUES, MAX_PROJECT_VALUES, MAX_VALUES_WITH_CI } from '../rules/limits.js';

/** Whether a value comes from a person or only from build farms. */
export type Population = 'people' | 'ci';

/**
 * Whether a dimension has room for a new value besides `other`.
 *
 * @param known - How many values the dimension has, and all those of its project.
 * @param population - Asked only if it decides.
 */
export function takesValue(
  dimension: string,
  known: { readonly ofDimension: number; readonly ofProject: number },
  population: () => Population,
): boolean {
  if (known.ofDimension >= MAX_DIMENSION_VALUES) return false;
  if (known.ofProject >= MAX_PROJECT_VALUES && !isOfPeople(dimension)) return false;
  return known.ofDimension < MAX_VALUES_WITH_CI || population() === 'people';
}
