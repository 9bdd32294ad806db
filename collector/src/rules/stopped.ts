/** Reports by day, numbered since 1970. Days without any may be left out. */
export type ReportsByDay = ReadonlyMap<number, number>;

/** Days up to the last one with it that tell how often something usually came. */
export const STOP_HISTORY_DAYS = 28;

/** On fewer days than these, it did not come often enough to be missed. */
export const LEAST_DAYS_SEEN = 7;

/** It has stopped after so many times the longest usual time between two of its days. */
export const STOPPED_TIMES = 3;

/** It has not stopped if fewer reports than these were to be expected since. */
export const LEAST_EXPECTED = 3;

/** Whether an event or a field still comes. */
export interface Arrival {
  readonly state: 'ok' | 'stopped' | 'unknown';
  /** The last day on which it came, numbered since 1970; `null` if it is not known. */
  readonly lastDay: number | null;
  /** Whole days since then on which the reports that may have it came. */
  readonly daysWithout: number;
  /** The longest usual number of such days from one of its days to the next; `null` if unknown. */
  readonly longestDays: number | null;
}

/**
 * Tells whether something that reports say has stopped, while the reports that may say it go on.
 *
 * @param own - The reports with it.
 * @param parent - All reports that may have it: those of the project, or of the field's event.
 * @param today - It is not over, so nothing follows from what is missing on it.
 */
export function judgeArrival(own: ReportsByDay, parent: ReportsByDay, today: number): Arrival {
  const ownDays = daysOf(own, today);
  const lastDay = ownDays.at(-1) ?? null;
  if (lastDay === null) {
    return { state: 'unknown', lastDay, daysWithout: 0, longestDays: null };
  }
  const parentDays = daysOf(parent, today);
  const after = parentDays.filter((day) => day > lastDay && day < today);
  const seen = ownDays.filter((day) => day > lastDay - STOP_HISTORY_DAYS);
  const told = { lastDay, daysWithout: after.length };
  if (seen.length < LEAST_DAYS_SEEN) return { ...told, state: 'unknown', longestDays: null };
  const first = seen[0] ?? lastDay;
  const history = parentDays.filter((day) => day >= first && day <= lastDay);
  const longestDays = longestStep(history, new Set(seen));
  const sum = (counts: ReportsByDay, days: readonly number[]): number =>
    days.reduce((total, day) => total + (counts.get(day) ?? 0), 0);
  const expected = (sum(own, history) / sum(parent, history)) * sum(parent, after);
  const isStopped = after.length >= STOPPED_TIMES * longestDays && expected >= LEAST_EXPECTED;
  return { ...told, longestDays, state: isStopped ? 'stopped' : 'ok' };
}

/** The days with reports up to one, in order. */
const daysOf = (counts: ReportsByDay, today: number): number[] =>
  [...counts]
    .filter(([day, n]) => n > 0 && day <= today)
    .map(([day]) => day)
    .sort((a, b) => a - b);

/** The most steps from one of some days to the next of them, in a list of more days. */
function longestStep(days: readonly number[], chosen: ReadonlySet<number>): number {
  let [longest, steps] = [1, 0];
  for (const day of days) {
    steps++;
    if (!chosen.has(day)) continue;
    longest = Math.max(longest, steps);
    steps = 0;
  }
  return longest;
}
