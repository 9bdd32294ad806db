import { createWindowCounter, spanOf } from '../../../rules/window-counter.js';
import type { Database } from '../../../sqlite/database.js';
import { type ValueWindows, TooCostlyError, type WindowsQuestion } from '../../questions.js';
import type { Counts } from '../../store.js';
import { prepareDayRows } from './day-rows.js';
import { IN_SCOPE } from './scope.js';
import { prepareValueRows, type ValueRows } from './value-rows.js';

const VALUES = `SELECT id, value FROM dims WHERE ${IN_SCOPE} AND dim = ?2 ORDER BY value`;

/** Values times days of a question at most: about half a second. */
const MAX_VALUE_DAYS = 2_000_000;

/**
 * How long a question may take, in milliseconds. It is looked at after each value. The clock runs on
 * while others have the processor: a busy machine must not make a usual question too costly, which
 * {@link MAX_VALUE_DAYS} bounds already.
 */
const MAX_MS = 8000;

/** Prepares the questions about spans of days by value. They read each row once. */
export function prepareValueWindows(
  db: Database,
  nowMs = () => performance.now(),
): Pick<Counts, 'valueWindows' | 'valuePeople' | 'reportWindows'> {
  const values = db.prepare<{ id: number; value: string }>(VALUES);
  const peopleBy = prepareValueRows(db);
  const ofReports = prepareDayRows(db, { table: 'report_values', key: ['value_id'], gaps: 1 });
  const reportsBy: typeof peopleBy = (project, dimension) =>
    values
      .all([project, dimension])
      .map(({ id, value }) => ({ value, read: (days, visit) => ofReports([id], days, visit) }));
  const answer =
    (rowsBy: (project: string | null, dimension: string) => ValueRows[]) =>
    ({ project, dimension, windows }: WindowsQuestion): ValueWindows[] => {
      const startedAt = nowMs();
      const { from, to } = spanOf(windows);
      const days = to - from + 1;
      const found = rowsBy(project, dimension);
      if (found.length * days > MAX_VALUE_DAYS) throw new TooCostlyError(found.length, days);
      const counter = createWindowCounter(windows);
      const answers: ValueWindows[] = [];
      for (const [at, { value, read }] of found.entries()) {
        read({ from, to }, (day, gap, n) => counter.add(day, gap, n));
        // Projects may have the same value.
        if (found[at + 1]?.value === value) continue;
        const counts = counter.take();
        if (counts.some((count) => count > 0)) answers.push({ value, counts });
        if (nowMs() - startedAt > MAX_MS) throw new TooCostlyError(found.length, days);
      }
      return answers;
    };
  return {
    valueWindows: answer(peopleBy),
    valuePeople: ({ project, dimension, value, windows }) => {
      const counter = createWindowCounter(windows);
      const days = spanOf(windows);
      for (const one of peopleBy(project, dimension).filter((rows) => rows.value === value)) {
        one.read(days, (day, gap, n) => counter.add(day, gap, n));
      }
      return counter.take();
    },
    reportWindows: answer(reportsBy),
  };
}
