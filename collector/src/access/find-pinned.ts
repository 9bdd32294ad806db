import { insideOf, type Span } from './spans.js';

/** What a reader knows of a value in spans of days; of all other values together, the rest. */
export interface Known {
  readonly k: number;
  readonly spans: readonly Span[];
  /** The people in each span. */
  readonly totals: readonly number[];
  /** The people with the value in each span; `undefined` where they are not shown exactly. */
  readonly exact: readonly (number | undefined)[];
  /** In each span, the people with other values that are shown. */
  readonly others: readonly number[];
  /** The spans of which it is known that the rest has 1 to `k` people. */
  readonly lent: ReadonlySet<number>;
}

/**
 * The lent spans of which the rest, or the value, is known better than that: people of a narrow span
 * are among those of a wide one, and spans that cover another have all of its people.
 */
export function findPinned(known: Known): number[] {
  const { k, spans, totals, exact, others, lent } = known;
  const total = (at: number): number => totals[at] ?? 0;
  const inside = insideOf(spans);
  const parts = inside.map((all) => {
    const longest = Math.max(...all.map((at) => lengthOf(spans, at)));
    return all.filter((at) => lengthOf(spans, at) === longest);
  });

  // Bounds of the rest and of the value, from each span alone and from those that cover it.
  const mostRest: number[] = [];
  const mostValue: number[] = [];
  for (let at = spans.length - 1; at >= 0; at--) {
    const n = exact[at];
    const isLent = lent.has(at);
    const rest = n === undefined ? (isLent ? k : total(at)) : total(at) - n;
    const value = n ?? (isLent ? total(at) - 1 : total(at) - (others[at] ?? 0));
    const cover = parts[at] ?? [];
    mostRest[at] = cover.length === 0 ? rest : Math.min(rest, sumAt(mostRest, cover));
    mostValue[at] = cover.length === 0 ? value : Math.min(value, sumAt(mostValue, cover));
  }
  const leastRest = spans.map((_, at) => {
    const n = exact[at];
    if (n !== undefined) return total(at) - n;
    return Math.max(others[at] ?? 0, lent.has(at) ? 1 : 0);
  });
  const leastValue = spans.map((_, at) => exact[at] ?? (lent.has(at) ? total(at) - k : 0));

  const isPinned = (at: number): boolean => {
    const cover = parts[at] ?? [];
    if (cover.length > 0) {
      if (sumAt(mostRest, cover) < k || sumAt(mostValue, cover) < total(at) - 1) return true;
    }
    const isByInner = (inside[at] ?? []).some((inner) => {
      const beyond = total(at) - total(inner);
      return (
        (mostRest[inner] ?? 0) + beyond < k ||
        (mostValue[inner] ?? 0) + beyond < total(at) - 1 ||
        (leastRest[inner] ?? 0) > 1 ||
        (leastValue[inner] ?? 0) > total(at) - k
      );
    });
    if (isByInner) return true;
    return spans.some((_, outer) => {
      if (inside[outer]?.includes(at) !== true) return false;
      const beyond = total(outer) - total(at);
      const beside = (parts[outer] ?? []).filter((one) => one !== at);
      const isPart = beside.length < (parts[outer] ?? []).length;
      const elsewhere = (most: readonly number[]): number =>
        isPart ? Math.min(beyond, sumAt(most, beside)) : beyond;
      return (
        (mostRest[outer] ?? 0) < k ||
        (mostValue[outer] ?? 0) < total(at) - 1 ||
        (leastRest[outer] ?? 0) - elsewhere(mostRest) > 1 ||
        (leastValue[outer] ?? 0) - elsewhere(mostValue) > total(at) - k
      );
    });
  };
  return [...lent].filter(isPinned);
}

const sumAt = (numbers: readonly number[], indexes: readonly number[]): number =>
  indexes.reduce((sum, at) => sum + (numbers[at] ?? 0), 0);

const lengthOf = (spans: readonly Span[], at: number): number =>
  (spans[at]?.lastDay ?? 0) - (spans[at]?.firstDay ?? 0);
