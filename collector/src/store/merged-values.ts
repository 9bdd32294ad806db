import { type ValueUse, isOfPeople } from '../rules/give-up-places.js';
import type { Resolve } from './codec/resolve.js';
import { eachRunValue } from './codec/runs-column.js';
import { eachSaid } from './codec/said-column.js';

/** Values of a dimension that become `other`. */
export interface ValuesMerge {
  readonly otherId: number;
  /** The values and `other`. */
  readonly merged: ReadonlySet<number>;
  /** The days on which people had one of the values, `other` apart. */
  readonly first: number;
  readonly last: number;
}

/** Values of a dimension of people that become `other`. */
export interface PeopleMerge extends ValuesMerge {
  /** The dimension's place in `USER_DIMENSIONS`. */
  readonly index: number;
}

/** Only people who had several of the values have days that are counted otherwise afterwards. */
export function hasSeveral(
  runs: Uint8Array,
  { index, merged }: PeopleMerge,
  resolve: Resolve,
): boolean {
  let found: number | undefined;
  let isSeveral = false;
  eachRunValue(runs, (at, valueId) => {
    if (at !== index) return;
    const value = resolve(valueId);
    if (!merged.has(value)) return;
    if (found !== undefined && found !== value) isSeveral = true;
    found = value;
  });
  return isSeveral;
}

/** The merges of which somebody said several values. */
export function saidSeveral(
  said: Uint8Array,
  mergeOf: ReadonlyMap<number, ValuesMerge>,
  resolve: Resolve,
): ReadonlySet<ValuesMerge> {
  const found = new Map<ValuesMerge, number>();
  const several = new Set<ValuesMerge>();
  eachSaid(said, (id) => {
    const valueId = resolve(id);
    const merge = mergeOf.get(valueId);
    if (merge === undefined) return;
    const before = found.get(merge);
    if (before !== undefined && before !== valueId) several.add(merge);
    found.set(merge, valueId);
  });
  return several;
}

/** The values of dimensions of reports that become `other`, by dimension. */
export function saidDimensionsOf(
  values: readonly (ValueUse & { readonly id: number })[],
): readonly (readonly [string, number[]])[] {
  const dimensions = new Map<string, number[]>();
  for (const { id, dimension } of values) {
    if (isOfPeople(dimension)) continue;
    const ids = dimensions.get(dimension);
    if (ids) ids.push(id);
    else dimensions.set(dimension, [id]);
  }
  return [...dimensions];
}

/** How the days of values that become one change: by value, day and gap. */
export class GapChanges {
  readonly #changes = new Map<string, { readonly row: readonly number[]; by: number }>();

  add(valueId: number, day: number, gap: number, by: number): void {
    const key = `${valueId} ${day} ${gap}`;
    const change = this.#changes.get(key);
    if (change) change.by += by;
    else this.#changes.set(key, { row: [valueId, day, gap], by });
  }

  /** Tells each change: the value, the day, the gap, and the number. */
  tell(change: (row: readonly number[]) => void): void {
    for (const { row, by } of this.#changes.values()) if (by !== 0) change([...row, by]);
  }
}
