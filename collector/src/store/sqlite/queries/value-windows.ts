import { createWindowCounter, spanOf } from '../../../rules/window-counter.js';
import type { Database } from '../../../sqlite/database.js';
import { type ValueWindows, TooCostlyError, type WindowsQuestion } from '../../questions.js';
import type { Counts } from '../../store.js';
import { prepareDayRows, type ReadDayRows } from './day-rows.js';
import { VALUE_GAPS } from './gap-counts.js';
import { IN_SCOPE } from './scope.js';

const VALUES = `SELECT id, value FROM dims WHERE ${IN_SCOPE} AND dim = ?2 ORDER BY value`;

const VALUE = `SELECT id FROM dims WHERE ${IN_SCOPE} AND dim = ?2 AND value = ?3`;

/** Values times days of a question at most: about half a second. */
const MAX_VALUE_DAYS = 2_000_000;

/** How long a question may take, in milliseconds. It is looked at after each value. */
const MAX_MS = 2000;

/** Prepares the questions about spans of days by value. They read each row once. */
export function prepareValueWindows(
  db: Database,
  nowMs = () => performance.now(),
): Pick<Counts, 'valueWindows' | 'valuePeople' | 'reportWindows'> {
  const values = db.prepare<{ id: number; value: string }>(VALUES);
  const one = db.prepare<{ id: number }>(VALUE);
  const key = ['value_id'];
  const people = prepareDayRows(db, { table: 'value_gaps', key, gaps: VALUE_GAPS });
  const reports = prepareDayRows(db, { table: 'report_values', key, gaps: 1 });
  const answer =
    (read: ReadDayRows) =>
    ({ project, dimension, windows }: WindowsQuestion): ValueWindows[] => {
      const startedAt = nowMs();
      const { from, to } = spanOf(windows);
      const days = to - from + 1;
      const found = values.all([project, dimension]);
      if (found.length * days > MAX_VALUE_DAYS) throw new TooCostlyError(found.length, days);
      const counter = createWindowCounter(windows);
      const answers: ValueWindows[] = [];
      for (const [at, { id, value }] of found.entries()) {
        read([id], { from, to }, (day, gap, n) => counter.add(day, gap, n));
        // Projects may have the same value.
        if (found[at + 1]?.value === value) continue;
        const counts = counter.take();
        if (counts.some((count) => count > 0)) answers.push({ value, counts });
        if (nowMs() - startedAt > MAX_MS) throw new TooCostlyError(found.length, days);
      }
      return answers;
    };
  return {
    valueWindows: answer(people),
    valuePeople: ({ project, dimension, value, windows }) => {
      const counter = createWindowCounter(windows);
      const days = spanOf(windows);
      for (const { id } of one.all([project, dimension, value])) {
        people([id], days, (day, gap, n) => counter.add(day, gap, n));
      }
      return counter.take();
    },
    reportWindows: answer(reports),
  };
}
