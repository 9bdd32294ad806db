import { OTHER } from '../rules/limits.js';

/** The people with a value in each window. */
export interface Group {
  readonly group: string;
  readonly values: readonly number[];
}

/** The same; `null` where a group is part of `other`. */
export interface JoinedGroup {
  readonly group: string;
  readonly values: readonly (number | null)[];
}

/**
 * Joins the groups of fewer than `k` people to `other` in each window; all other counts stay exact.
 * In contrast to what the public sees, `other` may be small: it names no value.
 *
 * @param totals - The people in each window, each once.
 * @returns In the order they were given, `other` last.
 */
export function joinSmall(
  groups: readonly Group[],
  totals: readonly number[],
  k: number,
): readonly JoinedGroup[] {
  const named = groups
    .filter(({ group }) => group !== OTHER)
    .map(({ group, values }) => ({
      group,
      values: values.map((n) => (n > 0 && n < k ? null : n)),
    }));
  // People with several values count under each, so their sum may be more than all people.
  const other = totals.map((total, at) => {
    const joined = groups
      .map(({ group, values }) => ({ group, n: values[at] ?? 0 }))
      .filter(({ group, n }) => group === OTHER || n < k)
      .reduce((sum, { n }) => sum + n, 0);
    return Math.min(total, joined);
  });
  return [...named, { group: OTHER, values: other.map((n) => (n > 0 ? n : null)) }].filter(
    ({ values }) => values.some((n) => n !== null && n > 0),
  );
}
