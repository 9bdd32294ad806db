import { HIDDEN, type ShownCells, suppress } from '../access/suppression.js';
import { isOfReports } from '../rules/dimensions.js';
import { OTHER } from '../rules/limits.js';
import type { StoreReader } from '../store/store.js';
import { askGroups, askTotals, countGroups, countTotals } from './count-series.js';
import type { DayWindow } from './windows.js';

/** The lengths of windows that the public may ask for, in days. */
export const PUBLIC_WINDOWS = [1, 7, 28] as const;

/** How far back the public sees a dimension, in days. */
const PUBLIC_DAYS = 4 * 28;

/** Values of a dimension that the public may see at most; those with most people. */
const MAX_PUBLIC_VALUES = 100;

/** The people of a project by a dimension, as the public sees them on one day. Goes between threads. */
export interface PublicCells {
  /** The last complete day, in the project's zone. */
  readonly lastDay: number;
  /** When they were made. Reports acknowledged before are counted, later ones are not. */
  readonly madeAt: Date;
  /** Windows of 28, 7 and 1 days: of each length, consecutive ones back from the last complete day. */
  readonly windows: readonly DayWindow[];
  /** The people in each window; {@link HIDDEN} where they are too few to be shown. */
  readonly totals: readonly number[];
  /** The groups shown anywhere, most people first, `other` last; {@link HIDDEN} where they are not. */
  readonly groups: readonly { readonly group: string; readonly counts: Int32Array }[];
  /** Groups of fewer people are not shown. */
  readonly k: number;
  /** In each window, whether the count of the only named value is a lower bound. */
  readonly isShort: readonly boolean[];
}

/** What public cells are made of. */
export interface CellsQuestion {
  readonly project: string;
  readonly dimension: string;
  /**
   * Of the dimension of a field: what is shown of the people with its event. Its values are groups of
   * these, so what is left of them must not be small either.
   */
  readonly ofEvent?: readonly number[];
  /** Groups of fewer people are not shown. */
  readonly k: number;
  readonly lastDay: number;
  readonly asOf: Date;
}

/**
 * Counts a dimension in all windows of the public, and hides what is too small.
 *
 * @returns `undefined` for a field that nobody has used.
 */
export async function makePublicCells(
  store: Pick<StoreReader, 'together'>,
  { project, dimension, ofEvent, k, lastDay, asOf }: CellsQuestion,
): Promise<PublicCells | undefined> {
  const windows = windowsUpTo(lastDay);
  const days = { project, from: lastDay - PUBLIC_DAYS + 1, to: lastDay };
  const answers = await store.together({
    ...askTotals('active', { ...days, ci: false }, windows),
    ...askGroups('active', { project, dimension, windows }),
  });
  const totals = ofEvent ?? countTotals(answers, windows);
  const most = countGroups(answers).slice(0, MAX_PUBLIC_VALUES);
  if (most.length === 0 && ofEvent !== undefined) return undefined;
  // Reports that came since the people of the event were counted make no value larger than these.
  const within = (counts: readonly number[]): readonly number[] =>
    ofEvent === undefined
      ? counts
      : counts.map((n, at) => Math.min(n, Math.max(0, ofEvent[at] ?? 0)));
  const values = new Map(most.map(({ group, values: counts }) => [group, within(counts)]));
  const order = [...values.keys()];
  const shown = suppress(
    { spans: windows, totals: totals.map((n) => (n === HIDDEN ? 0 : n)), values },
    k,
  );
  const { isShort } = shown;
  for (const counts of shown.values.values()) {
    for (const [at, n] of totals.entries()) if (n === HIDDEN) counts[at] = HIDDEN;
  }
  return {
    lastDay,
    madeAt: asOf,
    windows,
    totals,
    groups: toGroups(shown, order, !isOfReports(dimension)),
    k,
    isShort,
  };
}

/** The longest first. */
const LENGTHS: readonly number[] = [...PUBLIC_WINDOWS].reverse();

/** The longest first; those of each length in the order of their days. */
export function windowsUpTo(lastDay: number): DayWindow[] {
  return LENGTHS.flatMap((length) =>
    Array.from({ length: PUBLIC_DAYS / length }, (_, at) => {
      const end = lastDay - PUBLIC_DAYS + (at + 1) * length;
      return { firstDay: end - length + 1, lastDay: end };
    }),
  );
}

/** The length of a window in days. */
export const lengthOf = ({ firstDay, lastDay }: DayWindow): number => lastDay - firstDay + 1;

/** The cells of a dimension of which nothing is shown, since nobody has a value of it. */
export const emptyCells = ({ k, lastDay, asOf }: CellsQuestion): PublicCells => {
  const windows = windowsUpTo(lastDay);
  const hidden = windows.map(() => HIDDEN);
  return {
    ...{ lastDay, madeAt: asOf, windows, totals: hidden, groups: [], k },
    isShort: windows.map(() => false),
  };
};

/** @param hasRest - Whether everybody has a value, so that what is left of a total is of others. */
function toGroups(
  { values, other }: ShownCells,
  order: readonly string[],
  hasRest: boolean,
): PublicCells['groups'] {
  const groups = order.flatMap((group) => {
    const counts = values.get(group);
    return counts === undefined ? [] : [{ group, counts }];
  });
  const rest = other.map((n) => (n === 0 ? HIDDEN : n));
  return hasRest && rest.some((n) => n > 0) ? [...groups, { group: OTHER, counts: rest }] : groups;
}
