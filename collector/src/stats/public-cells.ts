import { HIDDEN, type ShownCells, suppress } from '../access/suppression.js';
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
  /** The people in each window. */
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
  /** One of `USER_DIMENSIONS`. */
  readonly dimension: string;
  /** Groups of fewer people are not shown. */
  readonly k: number;
  readonly lastDay: number;
  readonly asOf: Date;
}

/** Counts a dimension in all windows of the public, and hides what is too small. */
export async function makePublicCells(
  store: Pick<StoreReader, 'together'>,
  { project, dimension, k, lastDay, asOf }: CellsQuestion,
): Promise<PublicCells> {
  const windows = windowsUpTo(lastDay);
  const days = { project, from: lastDay - PUBLIC_DAYS + 1, to: lastDay };
  const answers = await store.together({
    ...askTotals('active', { ...days, ci: false }, windows),
    ...askGroups('active', { project, dimension, windows }),
  });
  const totals = countTotals(answers, windows);
  const most = countGroups(answers).slice(0, MAX_PUBLIC_VALUES);
  const values = new Map(most.map(({ group, values: counts }) => [group, counts]));
  const order = [...values.keys()];
  const shown = suppress({ spans: windows, totals, values }, k);
  const { isShort } = shown;
  return { lastDay, madeAt: asOf, windows, totals, groups: toGroups(shown, order), k, isShort };
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

function toGroups({ values, other }: ShownCells, order: readonly string[]): PublicCells['groups'] {
  const groups = order.flatMap((group) => {
    const counts = values.get(group);
    return counts === undefined ? [] : [{ group, counts }];
  });
  const rest = other.map((n) => (n === 0 ? HIDDEN : n));
  return rest.some((n) => n > 0) ? [...groups, { group: OTHER, counts: rest }] : groups;
}
