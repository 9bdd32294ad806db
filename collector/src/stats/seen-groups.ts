import { joinSmall, type JoinedGroups } from '../access/join-small.js';
import { atLeast, type Level } from '../access/level.js';
import { USER_DIMENSIONS } from '../rules/dimensions.js';
import { OTHER } from '../rules/limits.js';
import { type Merged, toMerged } from './merged.js';

/** Below the administrator's level, fewer people are not shown where they could be followed. */
export const RESTRICTED_K = 5;

/** The dimension that stands beside every count of people, so that it says how sure it is. */
const CERTAINTY = 'certainty';

/** Groups as a caller with a token sees them. */
export interface SeenGroups extends JoinedGroups {
  /** What the answer says of `other`, if small groups may be part of it. */
  readonly merged: { readonly merged?: Merged };
}

/**
 * The groups of a dimension as a level sees them. Small groups of people are joined below the
 * administrator's: day by day, they would follow single people. How sure a count is stays beside
 * every count, and reports are not people.
 *
 * @param totals - The people in each window, each once.
 */
export function seenGroups(
  level: Level,
  dimension: string,
  groups: Parameters<typeof joinSmall>[0],
  totals: readonly number[],
): SeenGroups {
  if (!joinsSmall(level, dimension)) return { groups, isShort: [], merged: {} };
  const joined = joinSmall(groups, totals, RESTRICTED_K);
  const short = joined.groups.filter(({ values }) =>
    values.some((n, at) => isLowerBound(n, joined.isShort[at])),
  );
  const hasOther = joined.groups.some(({ group }) => group === OTHER);
  return {
    ...joined,
    merged: hasOther
      ? toMerged(
          RESTRICTED_K,
          short.map(({ group }) => group).filter((group) => group !== OTHER),
        )
      : {},
  };
}

/** Whether a level sees the small groups of a dimension as a part of `other`. */
export const joinsSmall = (level: Level, dimension: string): boolean =>
  !atLeast(level, 'administrator') &&
  dimension !== CERTAINTY &&
  USER_DIMENSIONS.some((name) => name === dimension);

/** Whether the count of a named group in a window is a lower bound. */
export const isLowerBound = (n: number | null | undefined, isShort: boolean | undefined): boolean =>
  isShort === true && n !== null && n !== undefined && n > 0;
