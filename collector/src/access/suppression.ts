import { OTHER } from '../rules/limits.js';
import { findPinned } from './find-pinned.js';
import { levelsOf, type Span, widerOf } from './spans.js';

/** The people of one project by the values of one dimension, in several spans of days. */
export interface Cells {
  /**
   * Any two of them have no day in common, or one contains the other. The wider come first. Spans
   * of one length in a wider one cover it.
   */
  readonly spans: readonly Span[];
  /** The people in each span, each once. */
  readonly totals: readonly number[];
  /** For each value, its people in each span. A person may have had several values in a span. */
  readonly values: ReadonlyMap<string, readonly number[]>;
}

/** The cells that may be shown. */
export interface ShownCells {
  /** For each value shown anywhere, its people in each span; {@link HIDDEN} where it is not shown. */
  readonly values: ReadonlyMap<string, Int32Array>;
  /** In each span, the people beyond those with a shown value; 0 if they are fewer than `k`. */
  readonly other: Int32Array;
  /**
   * In each span, whether the only shown value is short of people, who are in `other`: there are up
   * to `k - 1` more of them.
   */
  readonly isShort: readonly boolean[];
}

/** The mark of a cell that is not shown. */
export const HIDDEN = -1;

/**
 * People are lent where `k` is at least this, and the span has so many times `k`: with fewer, what
 * is known of them comes close to a number.
 */
const LEAST_K = 4;
const LEAST_SHARES = 4;

/** A dimension's cells, and which of them are shown so far. */
interface State extends Pick<Cells, 'spans' | 'totals'> {
  readonly k: number;
  /** For some spans, how many people of their only shown value are in `other`. */
  readonly lent: Map<number, { readonly value: string; readonly people: number }>;
  /** The spans that may not lend. */
  readonly mayNotLend: ReadonlySet<number>;
  readonly counts: ReadonlyMap<string, readonly number[]>;
  /** For each span, the values that are shown in it. */
  readonly shown: readonly Set<string>[];
  /** For each span, those that contain it. */
  readonly wider: readonly (readonly number[])[];
}

/**
 * Chooses the cells to show, so that sums and differences of what is shown, and of the totals, give
 * no group of 1 to `k - 1` people. docs/decisions/0029-k-anonymity.md has the argument.
 */
export function suppress(cells: Cells, k: number): ShownCells {
  const mayNotLend = new Set<number>();
  for (;;) {
    const state = choose(cells, k, mayNotLend);
    const pinned = pinnedIn(state);
    if (pinned.length === 0) return toShown(state);
    for (const at of pinned) mayNotLend.add(at);
  }
}

function choose({ spans, totals, values }: Cells, k: number, mayNotLend: Set<number>): State {
  const counts = new Map([...values].filter(([value]) => value !== OTHER));
  const state: State = {
    ...{ spans, totals, k, counts, mayNotLend },
    lent: new Map(),
    shown: spans.map(() => new Set(counts.keys())),
    wider: widerOf(spans),
  };
  for (const level of levelsOf(spans)) {
    for (const at of level) settle(state, at);
    while (hideTile(state, level));
  }
  return state;
}

/** The spans that have lent people, and of which more than that follows from others. */
function pinnedIn(state: State): number[] {
  const { spans, totals, k, lent, shown } = state;
  const values = new Set([...lent.values()].map(({ value }) => value));
  return [...values].flatMap((value) => {
    const isHere = (at: number): boolean => lent.get(at)?.value === value;
    return findPinned({
      ...{ spans, totals, k },
      exact: spans.map((_, at) =>
        isHere(at) || shown[at]?.has(value) !== true ? undefined : countOf(state, value, at),
      ),
      others: spans.map((_, at) =>
        sumOf(
          state,
          [...(shown[at] ?? [])].filter((one) => one !== value),
          at,
        ),
      ),
      lent: new Set([...lent.keys()].filter(isHere)),
    });
  });
}

/** Hides values in a span until nothing follows from it and from the spans that contain it. */
function settle(state: State, at: number): void {
  const shown = state.shown[at] ?? new Set();
  for (;;) {
    const value = findRevealing(state, at);
    if (value === undefined) return;
    if (lend(state, at, value)) continue;
    shown.delete(value);
    state.lent.delete(at);
  }
}

/**
 * Moves people of the only value of a span to `other`, as many as make `k` there, so that a few
 * people with other values do not hide it. Returns whether that was possible.
 */
function lend(state: State, at: number, value: string): boolean {
  const { k, totals, shown, lent, mayNotLend } = state;
  if (lent.has(at) || mayNotLend.has(at)) return false;
  const isOnly = [...(shown[at] ?? [])].every((one) => one === value || !countOf(state, one, at));
  const total = totals[at] ?? 0;
  const rest = total - countOf(state, value, at);
  if (!isOnly || rest < 1 || rest >= k || k < LEAST_K || total < LEAST_SHARES * k) return false;
  lent.set(at, { value, people: k - rest });
  return true;
}

/** A value whose cell in a span must be hidden; `undefined` if none has to be. */
function findRevealing(state: State, at: number): string | undefined {
  const { totals, shown, wider } = state;
  const own = smallestFirst(state, at);
  const total = totals[at] ?? 0;
  for (const value of own) {
    const n = countOf(state, value, at);
    if (isSmall(state, n) || isSmall(state, total - n)) return value;
    const isRevealed = (wider[at] ?? []).some(
      (outer) => shown[outer]?.has(value) && isSmall(state, countOf(state, value, outer) - n),
    );
    if (isRevealed) return value;
  }
  const rest = total - sumOf(state, own, at);
  if (isSmall(state, rest)) return own.find((value) => countOf(state, value, at) > 0);
  for (const outer of wider[at] ?? []) {
    const value = findBetween(state, at, outer, own, rest);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The same, for what follows from the rests of a span and of one that contains it. */
function findBetween(
  state: State,
  at: number,
  outer: number,
  own: readonly string[],
  rest: number,
): string | undefined {
  const { totals, shown } = state;
  const outerTotal = totals[outer] ?? 0;
  const outerRest = outerTotal - sumOf(state, shown[outer] ?? [], outer);
  if (isSmall(state, outerRest - rest)) {
    const found = own.find((value) => countOf(state, value, at) > 0);
    if (found !== undefined) return found;
  }
  // Values that are in the rest of the outer span, but shown in this one.
  const apart = own.filter((value) => !shown[outer]?.has(value));
  if (isSmall(state, outerRest - sumOf(state, apart, at))) {
    const found = apart.find((value) => countOf(state, value, at) > 0);
    if (found !== undefined) return found;
  }
  const common = own.filter((value) => shown[outer]?.has(value));
  const left = outerTotal - sumOf(state, common, outer);
  const gone = left - ((totals[at] ?? 0) - sumOf(state, common, at));
  // With nothing in common, this is a difference of totals, which are shown anyway.
  if (!isSmall(state, gone)) return undefined;
  return (
    common.find((value) => countOf(state, value, outer) > countOf(state, value, at)) ?? common[0]
  );
}

/**
 * Hides a value in one of the spans that cover a wider one, if the sum over them shows how many came
 * in two of them, or only in a hidden one.
 */
function hideTile(state: State, level: readonly number[]): boolean {
  const { spans, shown, wider, counts } = state;
  const outers = new Set(level.flatMap((at) => wider[at] ?? []));
  for (const outer of outers) {
    const tiles = level.filter((at) => wider[at]?.includes(outer));
    for (const value of counts.keys()) {
      if (shown[outer]?.has(value) !== true) continue;
      const cells = tiles.filter(
        (at) => shown[at]?.has(value) === true && countOf(state, value, at) > 0,
      );
      const sum = cells.reduce((total, at) => total + countOf(state, value, at), 0);
      if (cells.length < 2 || !isSmall(state, countOf(state, value, outer) - sum)) continue;
      const [least = outer] = cells.sort(
        (a, b) =>
          countOf(state, value, a) - countOf(state, value, b) ||
          (spans[a]?.firstDay ?? 0) - (spans[b]?.firstDay ?? 0),
      );
      shown[least]?.delete(value);
      settle(state, least);
      return true;
    }
  }
  return false;
}

function toShown(state: State): ShownCells {
  const { spans, totals, k, counts, shown, lent } = state;
  const values = new Map<string, Int32Array>();
  const other = Int32Array.from(totals);
  for (const value of counts.keys()) {
    const visible = Int32Array.from(spans, (_, at) =>
      shown[at]?.has(value) === true ? countOf(state, value, at) : HIDDEN,
    );
    if (visible.every((n) => n <= 0)) continue;
    values.set(value, visible);
    for (const [at, n] of visible.entries()) other[at] = (other[at] ?? 0) - Math.max(0, n);
  }
  // A person with several shown values counts under each, so the rest may be less than nothing.
  return {
    values,
    other: other.map((n) => (n < k ? 0 : n)),
    isShort: spans.map((_, at) => lent.has(at)),
  };
}

/** Whether a number is of people who are too few to show. A negative one tells as much. */
const isSmall = ({ k }: State, n: number): boolean => n !== 0 && Math.abs(n) < k;

/** The people of a value in a span, less those who are lent. */
function countOf({ counts, lent }: State, value: string, at: number): number {
  const there = lent.get(at);
  return (counts.get(value)?.[at] ?? 0) - (there?.value === value ? there.people : 0);
}

function sumOf(state: State, values: Iterable<string>, at: number): number {
  let sum = 0;
  for (const value of values) sum += countOf(state, value, at);
  return sum;
}

/** The values shown in a span, those with the fewest people first, then by name. */
const smallestFirst = (state: State, at: number): string[] =>
  [...(state.shown[at] ?? [])].sort(
    (a, b) => countOf(state, a, at) - countOf(state, b, at) || (a < b ? -1 : 1),
  );
