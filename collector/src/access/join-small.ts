import { OTHER } from '../rules/limits.js';
import { LEAST_SHARES } from './suppression.js';

/** The people with a value in each window. */
export interface Group {
  readonly group: string;
  readonly values: readonly number[];
}

/** The same, without small groups. */
export interface JoinedGroups {
  /** In the order they were given, `other` last; `null` where a group is part of `other`. */
  readonly groups: readonly {
    readonly group: string;
    readonly values: readonly (number | null)[];
  }[];
  /** In each window, whether the count of the only named group is a lower bound. */
  readonly isShort: readonly boolean[];
}

/**
 * Joins the groups of fewer than `k` people to `other` in each window, and the next smallest where
 * `other` would have fewer than `k`. Windows are not compared with each other.
 *
 * @param totals - The people in each window, each once.
 */
export function joinSmall(
  groups: readonly Group[],
  totals: readonly number[],
  k: number,
): JoinedGroups {
  const named = groups.filter(({ group }) => group !== OTHER);
  const counted = groups.find(({ group }) => group === OTHER);
  const windows = totals.map((total, at) => {
    const counts = named.map(({ values }) => values[at] ?? 0);
    return joinInWindow(counts, counted?.values[at] ?? 0, total, k);
  });
  const joined = named.map(({ group }, index) => ({
    group,
    values: windows.map(({ counts }) => counts[index] ?? null),
  }));
  const other = { group: OTHER, values: windows.map((one) => one.other) };
  const hasAny = ({ values }: { readonly values: readonly (number | null)[] }): boolean =>
    values.some((n) => n !== null && n > 0);
  return { groups: [...joined, other].filter(hasAny), isShort: windows.map((one) => one.isShort) };
}

interface JoinedWindow {
  readonly counts: readonly (number | null)[];
  readonly other: number | null;
  readonly isShort: boolean;
}

function joinInWindow(
  given: readonly number[],
  beyond: number,
  total: number,
  k: number,
): JoinedWindow {
  const counts: (number | null)[] = given.map((n) => (n > 0 && n < k ? null : n));
  // People with several values count under each, and so several times in `other`.
  let other = beyond + sumOf(given.filter((n) => n < k));
  const isTold = (): boolean => {
    const rest = Math.abs(total - sumOf(counts));
    return other > 0 && (other < k || (rest > 0 && rest < k));
  };
  const bySize = [...given.entries()].filter(([, n]) => n >= k).sort(([, a], [, b]) => a - b);
  for (const [at, [index, n]] of bySize.entries()) {
    if (!isTold()) break;
    const rest = total - n;
    const isLast = at === bySize.length - 1;
    if (isLast && rest > 0 && rest < k && total >= LEAST_SHARES * k) {
      counts[index] = total - k;
      return { counts, other: k, isShort: true };
    }
    counts[index] = null;
    other += n;
  }
  return { counts, other: other > 0 ? Math.min(other, total) : null, isShort: false };
}

const sumOf = (numbers: readonly (number | null)[]): number =>
  numbers.reduce((sum: number, n) => sum + (n ?? 0), 0);
