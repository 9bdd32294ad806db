import { USER_DIMENSIONS } from '../counting/dimensions.js';
import { MAX_DIMENSION_VALUES, MAX_PROJECT_VALUES, MAX_VALUES_WITH_CI } from './limits.js';

const ofPeople: ReadonlySet<string> = new Set(USER_DIMENSIONS);

/** Whose value it is: that of somebody who is a person, or of whom build farms alone report. */
export type Population = 'people' | 'ci';

/**
 * Whether a dimension gets a new value, beside `other`.
 *
 * @param known - How many values the dimension has, and all those of its project.
 */
export function takesValue(
  dimension: string,
  known: { readonly ofDimension: number; readonly ofProject: number },
  population: Population,
): boolean {
  const room = population === 'ci' ? MAX_VALUES_WITH_CI : MAX_DIMENSION_VALUES;
  if (known.ofDimension >= room) return false;
  return known.ofProject < MAX_PROJECT_VALUES || ofPeople.has(dimension);
}
