import { OTHER } from '../rules/limits.js';

/** A span of days, both included and numbered since 1970. */
interface Span {
  readonly firstDay: number;
  readonly lastDay: number;
}

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
}

/** The mark of a cell that is not shown. */
export const HIDDEN = -1;

/** A dimension's cells, and which of them are shown so far. */
interface State extends Pick<Cells, 'spans' | 'totals'> {
  readonly k: number;
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
export function suppress({ spans, totals, values }: Cells, k: number): ShownCells {
  const counts = new Map([...values].filter(([value]) => value !== OTHER));
  const state: State = {
    ...{ spans, totals, k, counts },
    shown: spans.map(() => new Set(counts.keys())),
    wider: spans.map((span) => indexesOf(spans, (other) => contains(other, span))),
  };
  for (const level of levelsOf(spans)) {
    for (const at of level) settle(state, at);
    while (hideTile(state, level));
  }
  return toShown(state);
}

/** Hides values in a span until nothing follows from it and from the spans that contain it. */
function settle(state: State, at: number): void {
  const shown = state.shown[at] ?? new Set();
  for (;;) {
    const value = findRevealing(state, at);
    if (value === undefined) return;
    shown.delete(value);
  }
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

function toShown({ spans, totals, k, counts, shown }: State): ShownCells {
  const values = new Map<string, Int32Array>();
  const other = Int32Array.from(totals);
  for (const [value, cells] of counts) {
    const visible = Int32Array.from(spans, (_, at) =>
      shown[at]?.has(value) === true ? (cells[at] ?? 0) : HIDDEN,
    );
    if (visible.every((n) => n <= 0)) continue;
    values.set(value, visible);
    for (const [at, n] of visible.entries()) other[at] = (other[at] ?? 0) - Math.max(0, n);
  }
  // A person with several shown values counts under each, so the rest may be less than nothing.
  return { values, other: other.map((n) => (n < k ? 0 : n)) };
}

/** Whether a number is of people who are too few to show. A negative one tells as much. */
const isSmall = ({ k }: State, n: number): boolean => n !== 0 && Math.abs(n) < k;

const countOf = ({ counts }: State, value: string, at: number): number =>
  counts.get(value)?.[at] ?? 0;

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

/** The indexes of spans of one length, the longest first. */
function levelsOf(spans: readonly Span[]): number[][] {
  const levels = new Map<number, number[]>();
  for (const [at, { firstDay, lastDay }] of spans.entries()) {
    const length = lastDay - firstDay;
    const level = levels.get(length);
    if (level) level.push(at);
    else levels.set(length, [at]);
  }
  return [...levels].sort(([a], [b]) => b - a).map(([, level]) => level);
}

const contains = (outer: Span, inner: Span): boolean =>
  outer !== inner && outer.firstDay <= inner.firstDay && outer.lastDay >= inner.lastDay;

const indexesOf = (spans: readonly Span[], isWanted: (span: Span) => boolean): number[] =>
  spans.flatMap((span, at) => (isWanted(span) ? [at] : []));
