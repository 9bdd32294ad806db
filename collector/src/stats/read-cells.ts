import type { CellCounts } from '../forecast/expected-cells.js';
import { CROSSED } from '../forecast/explain-change.js';
import { TooCostlyError } from '../store/questions.js';
import type { CountsReader } from './define-question.js';

/** How many people had a system and a version together, day by day. */
export interface Cells {
  /** @param days - Of those that were read. */
  on(days: readonly number[]): readonly CellCounts[];
}

/** Active days of people that are read at most: about a tenth of a second. */
const MOST_DAYS = 400_000;

/** Whether so many active days are few enough to be read. */
export const areReadable = (activeDays: number): boolean => activeDays <= MOST_DAYS;

/**
 * Counts people by system and version, from the days that are kept of each: no rollup has both.
 *
 * @returns `undefined` if there are too many.
 */
export async function readCells(
  project: string | null,
  firstDay: number,
  lastDay: number,
  store: Pick<CountsReader, 'crossedDays'>,
): Promise<Cells | undefined> {
  try {
    const question = { project, from: firstDay, to: lastDay, mostDays: MOST_DAYS };
    const cells = await store.crossedDays({ ...question, dimensions: CROSSED });
    return {
      on: (days) =>
        cells.map(({ values, counts }) => ({
          values,
          counts: days.map((day) => counts[day - firstDay] ?? 0),
        })),
    };
  } catch (error) {
    if (error instanceof TooCostlyError) return undefined;
    throw error;
  }
}
