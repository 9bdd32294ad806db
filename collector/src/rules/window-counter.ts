import { type Gap, NEVER_BEFORE } from './tally.js';

/** A span of days. Both are included and numbered since 1970. */
export interface DayWindow {
  readonly firstDay: number;
  readonly lastDay: number;
}

/** Counts the people active in each of some windows, each once. */
export interface WindowCounter {
  /**
   * Adds how many were active on a day, by the gap to their previous active day. An active day counts
   * for the windows in which it is the first: those that contain it and start after the previous one.
   */
  add(day: number, gap: Gap, n: number): void;
  /** The counts so far, in the order of the windows. They start anew afterwards. */
  take(): number[];
}

/** The days from the first of all windows to the last. */
export const spanOf = (windows: readonly DayWindow[]): { from: number; to: number } => ({
  from: Math.min(...windows.map(({ firstDay }) => firstDay)),
  to: Math.max(...windows.map(({ lastDay }) => lastDay)),
});

/** Where days fall among windows in order, for who counts in another language. */
export interface WindowEdges {
  /** The days from the first window to the last. */
  readonly span: { readonly from: number; readonly to: number };
  /** For each day of the span and the one after, the first window that begins on it or later. */
  readonly beginning: readonly number[];
  /** For each day of the span, the first window that ends on it or later. */
  readonly ending: readonly number[];
}

/** @param windows - Such as a part of {@link partsInOrder}. */
export function edgesOf(windows: readonly DayWindow[]): WindowEdges {
  const span = spanOf(windows);
  const beginning = indexBy(windows, 'firstDay');
  const ending = indexBy(windows, 'lastDay');
  const days = Array.from({ length: span.to - span.from + 1 }, (_, at) => span.from + at);
  return {
    span,
    beginning: [...days, span.to + 1].map((day) => beginning(day)),
    ending: days.map((day) => ending(day)),
  };
}

/** Creates a counter. It is fast if the starts and the ends of the windows are in order. */
export function createWindowCounter(windows: readonly DayWindow[]): WindowCounter {
  if (!isInOrder(windows)) return countApart(windows);
  // Each count applies to consecutive windows: `changes` has where it starts and where it ends.
  const beginning = indexBy(windows, 'firstDay');
  const ending = indexBy(windows, 'lastDay');
  const changes = new Float64Array(windows.length + 1);
  return {
    add: (day, gap, n) => {
      const afterGap = gap === NEVER_BEFORE ? 0 : beginning(day - gap + 1);
      const first = Math.max(afterGap, ending(day));
      const end = beginning(day + 1);
      if (first >= end) return;
      changes[first] = (changes[first] ?? 0) + n;
      changes[end] = (changes[end] ?? 0) - n;
    },
    take: () => {
      let active = 0;
      const counts = windows.map((_, at) => (active += changes[at] ?? 0));
      changes.fill(0);
      return counts;
    },
  };
}

function countApart(windows: readonly DayWindow[]): WindowCounter {
  const counters = partsInOrder(windows).map((part) => createWindowCounter(part));
  return {
    add: (day, gap, n) => {
      for (const counter of counters) counter.add(day, gap, n);
    },
    take: () => counters.flatMap((counter) => counter.take()),
  };
}

/** Cuts windows where their starts or their ends are out of order. */
export function partsInOrder(windows: readonly DayWindow[]): DayWindow[][] {
  const parts: DayWindow[][] = [];
  for (const window of windows) {
    const part = parts.at(-1);
    const before = part?.at(-1);
    if (part && before && isInOrder([before, window])) part.push(window);
    else parts.push([window]);
  }
  return parts;
}

/** Whether the starts and the ends of the windows are in order. */
const isInOrder = (windows: readonly DayWindow[]): boolean =>
  windows.every(({ firstDay, lastDay }, at) => {
    const before = windows[at - 1];
    return before === undefined || (before.firstDay <= firstDay && before.lastDay <= lastDay);
  });

/** Makes a function that finds the first window whose edge is on a day or after it. */
function indexBy(windows: readonly DayWindow[], edge: keyof DayWindow): (day: number) => number {
  const first = windows[0]?.[edge] ?? 0;
  const last = windows.at(-1)?.[edge] ?? first;
  const indexes = new Uint32Array(last - first + 1);
  let at = 0;
  for (let day = first; day <= last; day++) {
    while ((windows[at]?.[edge] ?? Infinity) < day) at++;
    indexes[day - first] = at;
  }
  return (day) => (day <= first ? 0 : (indexes[day - first] ?? windows.length));
}
