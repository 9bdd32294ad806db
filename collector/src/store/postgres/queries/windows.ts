import { NEVER_BEFORE } from '../../../rules/tally.js';
import { type DayWindow, edgesOf, partsInOrder } from '../../../rules/window-counter.js';

/** Windows in order, as parameters of a statement. */
export interface WindowsPart {
  /** How many windows are before them. */
  readonly offset: number;
  readonly length: number;
  /** Of {@link inWindows}: `beginning`, `ending`, and the span of days. */
  readonly params: readonly [readonly number[], readonly number[], number, number];
}

/** Cuts windows into parts that a statement can ask for. */
export function toParts(windows: readonly DayWindow[]): WindowsPart[] {
  let offset = 0;
  return partsInOrder(windows).map((part) => {
    const { span, beginning, ending } = edgesOf(part);
    const params = [beginning, ending, span.from, span.to] as const;
    const asked = { offset, length: part.length, params };
    offset += part.length;
    return asked;
  });
}

/**
 * SQL for the changes `at, n` of counts from one window to the next by rows `day, gap, n`, as
 * `WindowCounter` has them: a row counts in consecutive windows. Parameters 3 to 6 are those of a part.
 *
 * @param rows - The rows, perhaps with further columns. `day` must lie in the span.
 */
export const inWindows = (rows: string): string => `
  (${rows}) rows
  CROSS JOIN LATERAL (
    SELECT
      greatest(
        ($4::int[])[day - $5 + 1],
        CASE WHEN gap = ${NEVER_BEFORE} OR day - gap < $5 THEN 0
          ELSE ($3::int[])[day - gap - $5 + 2] END
      ) AS begins,
      ($3::int[])[day - $5 + 2] AS ends
  ) reach
  CROSS JOIN LATERAL (VALUES (begins, rows.n), (ends, -rows.n)) change(at, n)
  WHERE begins < ends`;

/** How many of a window's people were seen in it for the first time, as a change. */
export const firstsIn = `sum(change.n) FILTER (WHERE gap = ${NEVER_BEFORE})`;

/** How much a count changes from one window to the next. */
export interface Change {
  /** The place of the window in its part; one behind the last ends it. */
  readonly at: number;
  readonly n: number;
}

/** Adds the changes up, into the places of a part's windows. */
export function addUp(
  counts: number[],
  { offset, length }: WindowsPart,
  changes: readonly Change[],
): void {
  const byPlace = new Map(changes.map(({ at, n }) => [at, n]));
  let count = 0;
  for (let at = 0; at < length; at++) {
    count += byPlace.get(at) ?? 0;
    counts[offset + at] = count;
  }
}
