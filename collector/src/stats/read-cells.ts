import type { CellCounts } from '../forecast/expected-cells.js';
import { CROSSED } from '../forecast/explain-change.js';
import { dateOfDay } from '../rules/day.js';
import type { ExportCursor } from '../store/export-rows.js';
import type { CountsReader } from './define-question.js';

/** How many people had a system and a version together, day by day. */
export interface Cells {
  /** @param days - Of those that were read. */
  on(days: readonly number[]): readonly CellCounts[];
}

/** Users that are read at once. */
const PAGE_USERS = 500;

/** Active days of people that are read at most: about a second. */
const MAX_ROWS = 400_000;

/** Whether so many active days are few enough to be read. */
export const areReadable = (rows: number): boolean => rows <= MAX_ROWS;

/**
 * Counts people by system and version, from the days that are kept of each: no rollup has both.
 *
 * @returns `undefined` if there are too many.
 */
export async function readCells(
  project: string | null,
  firstDay: number,
  lastDay: number,
  store: Pick<CountsReader, 'exportPage'>,
): Promise<Cells | undefined> {
  const [from, to] = [dateOfDay(firstDay), dateOfDay(lastDay)];
  const cells = new Map<string, Map<string, number>>();
  let rows = 0;
  let after: ExportCursor | null = null;
  do {
    const page = await store.exportPage({ what: 'days', project, after, limit: PAGE_USERS });
    rows += page.rows.length;
    if (!areReadable(rows)) return undefined;
    for (const row of page.rows) {
      const date = String(row['date']);
      if (date < from || date > to || row['ci'] === true) continue;
      const key = JSON.stringify(CROSSED.map((dimension) => String(row[dimension])));
      let counts = cells.get(key);
      if (counts === undefined) cells.set(key, (counts = new Map<string, number>()));
      counts.set(date, (counts.get(date) ?? 0) + 1);
    }
    after = page.next;
  } while (after !== null);
  return {
    on: (days) =>
      [...cells].map(([key, counts]) => ({
        // The key was written above.
        values: JSON.parse(key) as string[],
        counts: days.map((day) => counts.get(dateOfDay(day)) ?? 0),
      })),
  };
}
