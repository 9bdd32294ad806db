import { createWindowCounter } from '../../../rules/window-counter.js';
import type { Database, Statement } from '../../../sqlite/database.js';
import { type ValueWindows, TooCostlyError, type WindowsQuestion } from '../../questions.js';
import type { Counts } from '../../store.js';
import { IN_SCOPE } from './scope.js';

const VALUES = `SELECT id, value FROM dims WHERE ${IN_SCOPE} AND dim = ?2 ORDER BY value`;

/** Gaps of days with a value are below this. */
const GAPS = 32;

/**
 * All rows of a value as one text: a row costs the binding ten times what it costs SQLite. Each
 * number has the count, the day from the first one, and the gap.
 */
const packed = (table: string, gap: string): string => `
  SELECT group_concat((n * ?4 + day - ?2) * ${GAPS} + ${gap}) AS rows FROM ${table}
  WHERE value_id = ?1 AND day BETWEEN ?2 AND ?3 AND n <> 0`;

/** Values times days of a question at most: about half a second. */
const MAX_VALUE_DAYS = 2_000_000;

/** How long a question may take, in milliseconds. It is looked at after each value. */
const MAX_MS = 2000;

/** Prepares the questions about spans of days by value. They read each row once. */
export function prepareValueWindows(
  db: Database,
  nowMs = () => performance.now(),
): Pick<Counts, 'valueWindows' | 'reportWindows'> {
  const values = db.prepare<{ id: number; value: string }>(VALUES);
  const people = db.prepare<{ rows: string | null }>(packed('value_gaps', 'gap'));
  const reports = db.prepare<{ rows: string | null }>(packed('report_values', '0'));
  const answer =
    (rowsOf: Statement<{ rows: string | null }>) =>
    ({ project, dimension, windows }: WindowsQuestion): ValueWindows[] => {
      const startedAt = nowMs();
      const from = Math.min(...windows.map(({ firstDay }) => firstDay));
      const to = Math.max(...windows.map(({ lastDay }) => lastDay));
      const days = to - from + 1;
      const found = values.all([project, dimension]);
      if (found.length * days > MAX_VALUE_DAYS) throw new TooCostlyError(found.length, days);
      const counter = createWindowCounter(windows);
      const answers: ValueWindows[] = [];
      for (const [at, { id, value }] of found.entries()) {
        const { rows } = rowsOf.get([id, from, to, days]) ?? {};
        if (rows) {
          unpack(rows, (number) => {
            const gap = number % GAPS;
            const rest = (number - gap) / GAPS;
            const day = rest % days;
            counter.add(from + day, gap, (rest - day) / days);
          });
        }
        // Projects may have the same value.
        if (found[at + 1]?.value === value) continue;
        const counts = counter.take();
        if (counts.some((count) => count > 0)) answers.push({ value, counts });
        if (nowMs() - startedAt > MAX_MS) throw new TooCostlyError(found.length, days);
      }
      return answers;
    };
  return { valueWindows: answer(people), reportWindows: answer(reports) };
}

const COMMA = 44;
const ZERO = 48;

/** Calls `visit` with each number of a text like `12,7`. */
function unpack(text: string, visit: (number: number) => void): void {
  let number = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COMMA) {
      visit(number);
      number = 0;
    } else {
      number = number * 10 + (code - ZERO);
    }
  }
  visit(number);
}
