import { type JoinedGroup, joinSmall } from '../access/join-small.js';
import { atLeast, type Level } from '../access/level.js';
import { OTHER } from '../rules/limits.js';
import { type Merged, toJoined } from './merged.js';
import type { Unit } from './parameters.js';

/** Below the administrator's level, fewer people are not shown where they could be followed. */
export const RESTRICTED_K = 5;

/** The dimension that stands beside every count of people, so that it says how sure it is. */
const CERTAINTY = 'certainty';

/** Groups as a caller with a token sees them. */
export interface SeenGroups {
  readonly groups: readonly JoinedGroup[];
  /** What the answer says of `other`, if small groups are part of it. */
  readonly merged: { readonly merged?: Merged };
}

/**
 * The groups of a dimension as a level sees them. Small groups of people are joined below the
 * administrator's: day by day, they would follow single people. How sure a count is stays beside
 * every count, and reports are not people.
 *
 * @param unit - What the groups are of.
 * @param totals - The people in each window, each once.
 */
export function seenGroups(
  level: Level,
  dimension: string,
  unit: Unit,
  groups: Parameters<typeof joinSmall>[0],
  totals: readonly number[],
): SeenGroups {
  if (!joinsSmall(level, dimension, unit)) return { groups, merged: {} };
  const joined = joinSmall(groups, totals, RESTRICTED_K);
  const hasOther = joined.some(({ group }) => group === OTHER);
  return { groups: joined, merged: hasOther ? { merged: toJoined(RESTRICTED_K) } : {} };
}

/** Whether a level sees the small groups of a dimension as a part of `other`. */
export const joinsSmall = (level: Level, dimension: string, unit: Unit): boolean =>
  !atLeast(level, 'administrator') && dimension !== CERTAINTY && unit === 'people';
