import { USER_DIMENSIONS } from './dimensions.js';
import {
  FULL_SHARE,
  MAX_DIMENSION_VALUES,
  MAX_DIMENSIONS,
  MAX_PROJECT_VALUES,
  OTHER,
  RARE_BELOW,
} from './limits.js';

/** A value of a project, and how much it was in use in the last {@link RARE_WINDOW_DAYS} days. */
export interface ValueUse {
  readonly dimension: string;
  readonly value: string;
  /** People with the value; for dimensions of reports, reports. */
  readonly n: number;
}

/** What gives its places up at the end of a day. */
export interface GivenUp<Use extends ValueUse> {
  /** Dimensions of reports that go with all of their values. */
  readonly dimensions: readonly string[];
  /** Values of other dimensions, whose history becomes {@link OTHER}. */
  readonly values: readonly Use[];
}

/** The number above which a project or dimension with a limit gives places up. */
export const roomOf = (limit: number): number => Math.floor(limit * FULL_SHARE);

/**
 * Whether anything of a project is so full that it gives places up.
 *
 * @param sizes - How many values each of its dimensions has.
 */
export const isTooFull = (sizes: readonly number[]): boolean =>
  sizes.length > roomOf(MAX_DIMENSIONS) ||
  sizes.some((size) => size > roomOf(MAX_DIMENSION_VALUES)) ||
  sizes.reduce((sum, size) => sum + size, 0) > roomOf(MAX_PROJECT_VALUES);

/** Whether a dimension counts people, not reports. */
export const isOfPeople = (dimension: string): boolean => ofPeople.has(dimension);

const ofPeople: ReadonlySet<string> = new Set(USER_DIMENSIONS);

/**
 * Chooses what gives its places up when a day closes: the rarest first, then by name, until nothing
 * is fuller than {@link FULL_SHARE}, or nothing rare is left.
 *
 * @param uses - Every value of a project.
 */
export function giveUpPlaces<Use extends ValueUse>(uses: readonly Use[]): GivenUp<Use> {
  const byDimension = new Map<string, Use[]>();
  for (const use of uses) {
    const same = byDimension.get(use.dimension);
    if (same) same.push(use);
    else byDimension.set(use.dimension, [use]);
  }
  const dimensions = rareDimensions(byDimension);
  for (const dimension of dimensions) byDimension.delete(dimension);

  const values = new Set<Use>();
  const rest: Use[] = [];
  let places = 0;
  for (const all of byDimension.values()) {
    const gone = rarest(all, tooManyOf(all));
    for (const use of gone) values.add(use);
    const left = all.filter((use) => !values.has(use));
    places += left.length + (gone.length > 0 && !hasOther(all) ? 1 : 0);
    if (!isOfPeople(all[0]?.dimension ?? '')) rest.push(...left);
  }
  for (const use of rarest(rest, places - roomOf(MAX_PROJECT_VALUES))) values.add(use);
  return { dimensions, values: [...values] };
}

/** How many of a dimension's values are too many, once `other` has a place among the rest. */
function tooManyOf(all: readonly ValueUse[]): number {
  const tooMany = all.length - roomOf(MAX_DIMENSION_VALUES);
  return tooMany > 0 && !hasOther(all) ? tooMany + 1 : tooMany;
}

const hasOther = (uses: readonly ValueUse[]): boolean => uses.some(({ value }) => value === OTHER);

function rareDimensions(byDimension: ReadonlyMap<string, readonly ValueUse[]>): string[] {
  const sums = [...byDimension]
    .filter(([dimension]) => !isOfPeople(dimension))
    .map(([dimension, uses]) => ({
      dimension,
      value: '',
      n: uses.reduce((sum, { n }) => sum + n, 0),
    }));
  const tooMany = byDimension.size - roomOf(MAX_DIMENSIONS);
  return rarest(sums, tooMany).map(({ dimension }) => dimension);
}

/** The rarest of some values, at most `count`. */
function rarest<Use extends ValueUse>(uses: readonly Use[], count: number): Use[] {
  if (count <= 0) return [];
  return uses
    .filter(({ value, n }) => value !== OTHER && n < RARE_BELOW)
    .sort((a, b) => a.n - b.n || compare(a.dimension, b.dimension) || compare(a.value, b.value))
    .slice(0, count);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
