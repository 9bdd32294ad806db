import { activeDays, type Activity, ACTIVITY_DAYS, wasActiveOn } from './activity-bits.js';

/**
 * A user's values, in the order of `USER_DIMENSIONS`, on active days up to `lastDay` that no
 * earlier run covers. Most people change only their version now and then, so a year needs few runs.
 */
export interface ValueRun<Value> {
  /** Numbered since 1970. */
  readonly lastDay: number;
  readonly values: readonly Value[];
}

/** A user's activity and values. */
export interface ValuedActivity<Value> extends Activity {
  /** In the order of their days; together they cover every active day. */
  readonly runs: readonly ValueRun<Value>[];
}

/** A user's values on an active day. */
export function valuesOn<Value>(runs: readonly ValueRun<Value>[], day: number): readonly Value[] {
  for (const run of runs) if (run.lastDay >= day) return run.values;
  return [];
}

/**
 * Merges the runs of two parts of one user's activity. A day in both keeps its earlier values: a
 * person counts under the values of the first report of a day.
 */
export function mergeRuns<Value>(
  before: ValuedActivity<Value>,
  added: ValuedActivity<Value>,
): readonly ValueRun<Value>[] {
  const news = activeDays(added).filter((day) => !wasActiveOn(before, day));
  const [first] = news;
  if (first === undefined) return before.runs;

  const isLater = first > before.lastDay;
  const runs = isLater ? [...before.runs] : [];
  const days = isLater ? news : [...activeDays(before), ...news].sort((a, b) => a - b);
  for (const day of days) {
    const values = valuesOn((wasActiveOn(before, day) ? before : added).runs, day);
    const last = runs.at(-1);
    if (last && isSame(last.values, values)) runs[runs.length - 1] = { ...last, lastDay: day };
    else runs.push({ lastDay: day, values });
  }
  const oldest = Math.max(before.lastDay, added.lastDay) - ACTIVITY_DAYS + 1;
  return runs.filter(({ lastDay }) => lastDay >= oldest);
}

function isSame<Value>(a: readonly Value[], b: readonly Value[]): boolean {
  return a === b || a.every((value, index) => value === b[index]);
}
