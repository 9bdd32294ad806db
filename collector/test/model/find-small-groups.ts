/**
 * What somebody who reads public answers can work out about one project and one dimension, from the
 * documents alone: nothing here knows how the collector chooses what it shows.
 */
export interface PublishedWindow {
  /** The days of the window. Both are included and numbered alike. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** All people in the window, each once. */
  readonly total: number;
  /** The people of each value that is named. */
  readonly named: ReadonlyMap<string, number>;
  /** The count of `other`, if there is such a row. */
  readonly other: number | undefined;
}

type Check = (n: number, what: string) => void;

/** The most values whose combinations are all tried. */
const MOST_VALUES = 10;

/**
 * Every group of 1 to `k - 1` people that follows from the windows, in words.
 *
 * @param keepsValue - Whether nobody changes their value. Only then sums over values are of people:
 *   a person who had two values counts under both.
 */
export function findSmallGroups(
  windows: readonly PublishedWindow[],
  k: number,
  keepsValue: boolean,
): string[] {
  const found: string[] = [];
  const check: Check = (n, what) => {
    if (n > 0 && n < k) found.push(`${what} are ${n}`);
  };
  for (const window of windows) {
    const name = nameOf(window);
    for (const [value, n] of window.named) {
      check(n, `${value} in ${name}`);
      check(window.total - n, `those without ${value} in ${name}`);
    }
    if (window.other !== undefined) check(window.other, `other in ${name}`);
    // With nothing named, this is a total, which is shown as it is.
    if (window.named.size > 0) check(restOf(window), `the total less all named in ${name}`);
    for (const outer of windows.filter((one) => contains(one, window))) {
      checkValues(outer, window, check);
      if (keepsValue) checkUnions(outer, window, check);
    }
    checkTiles(window, windows, check);
  }
  return found;
}

/** A window inside another: those of a value in the narrow one are among those in the wide one. */
function checkValues(outer: PublishedWindow, inner: PublishedWindow, check: Check): void {
  const name = `${nameOf(outer)} less ${nameOf(inner)}`;
  for (const [value, n] of outer.named) {
    const narrow = inner.named.get(value);
    if (narrow !== undefined) check(n - narrow, `${value}: ${name}`);
    check(outer.total - n, `all of ${name} without ${value}`);
  }
  if (outer.other !== undefined && inner.other !== undefined) {
    const isSame = [...outer.named.keys()].sort().join() === [...inner.named.keys()].sort().join();
    // With nothing named, `other` is the total.
    if (isSame && outer.named.size > 0) check(outer.other - inner.other, `other: ${name}`);
  }
}

/** The same for those who have one of several values, and those who have none of them. */
function checkUnions(outer: PublishedWindow, inner: PublishedWindow, check: Check): void {
  const name = `${nameOf(outer)} less ${nameOf(inner)}`;
  const names = [...new Set([...outer.named.keys(), ...inner.named.keys()])];
  const blocks = names.slice(0, MOST_VALUES);
  // Every union of named values of the wide window, with and without its rest.
  for (let choice = 0; choice < 2 ** blocks.length; choice++) {
    const chosen = blocks.filter((_, at) => (choice >> at) % 2 === 1);
    const named = chosen.filter((value) => outer.named.has(value));
    // A value that the wide window does not name is in its rest.
    const unnamed = chosen.filter((value) => !outer.named.has(value));
    const wide = sum(named, outer.named) + (unnamed.length > 0 ? restOf(outer) : 0);
    const narrow = sum(
      chosen.filter((value) => inner.named.has(value)),
      inner.named,
    );
    // All people of both: the difference of two totals, which are shown as they are.
    const isOfTotals = wide === outer.total && narrow === inner.total;
    if (chosen.length > 0 && restOf(outer) >= 0 && !isOfTotals) {
      check(wide - narrow, `${chosen.join()}: ${name}`);
    }
    // The rest of the narrow window is inside the union if all it may hold is.
    const outside = names.filter((value) => outer.named.has(value) && !chosen.includes(value));
    const hasRest = outside.every((value) => inner.named.has(value));
    if (!hasRest || outside.length === 0 || restOf(outer) < 0 || restOf(inner) < 0) continue;
    const all = outer.total - sum(outside, outer.named);
    check(all - (inner.total - sum(outside, inner.named)), `all but ${outside.join()}: ${name}`);
  }
}

/** Windows of one length that cover a wider one. */
function checkTiles(
  outer: PublishedWindow,
  windows: readonly PublishedWindow[],
  check: Check,
): void {
  const inside = windows.filter((one) => contains(outer, one));
  for (const length of new Set(inside.map(lengthOf))) {
    const tiles = inside.filter((one) => lengthOf(one) === length);
    for (const [value, n] of outer.named) {
      const all = tiles.reduce((count, { named }) => count + (named.get(value) ?? 0), 0);
      if (all > 0) check(Math.abs(n - all), `${value} in ${nameOf(outer)} against its parts`);
    }
  }
}

const restOf = ({ total, named }: PublishedWindow): number => total - sum(named.keys(), named);

function sum(values: Iterable<string>, counts: ReadonlyMap<string, number>): number {
  let all = 0;
  for (const value of values) all += counts.get(value) ?? 0;
  return all;
}

const nameOf = ({ firstDay, lastDay }: PublishedWindow): string => `${firstDay}..${lastDay}`;

const lengthOf = ({ firstDay, lastDay }: PublishedWindow): number => lastDay - firstDay + 1;

const contains = (outer: PublishedWindow, inner: PublishedWindow): boolean =>
  outer !== inner &&
  outer.firstDay <= inner.firstDay &&
  outer.lastDay >= inner.lastDay &&
  lengthOf(outer) > lengthOf(inner);
