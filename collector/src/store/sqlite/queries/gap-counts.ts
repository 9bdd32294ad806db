import { NEVER_BEFORE } from '../../../rules/tally.js';
import { createWindowCounter, spanOf } from '../../../rules/window-counter.js';
import type { Database } from '../../../sqlite/database.js';
import type { DaysQuestion, GapCount } from '../../questions.js';
import type { Counts } from '../../store.js';
import { prepareDayRows } from './day-rows.js';
import { prepareValueRows, type ValueRows } from './value-rows.js';

const PROJECTS = 'SELECT id FROM projects WHERE ?1 IS NULL OR slug = ?1';

/** Gaps of people are below this: who comes back after years has a gap of years. */
const GAPS = 2 ** 15;

/** Prepares the questions about people by day and gap. */
export function prepareGapCounts(
  db: Database,
): Pick<Counts, 'gaps' | 'peopleWindows' | 'valueGaps'> {
  const projects = db.prepare<{ id: number }>(PROJECTS);
  const people = prepareDayRows(db, { table: 'gaps', key: ['project_id', 'ci'], gaps: GAPS });
  const valuesOf = prepareValueRows(db);
  return {
    gaps: (question) =>
      sumUp(
        projects
          .all([question.project])
          .map(({ id }) =>
            collect((days, visit) => people([id, Number(question.ci)], days, visit), question),
          ),
      ),
    peopleWindows: ({ project, ci, windows }) => {
      const active = createWindowCounter(windows);
      const firsts = createWindowCounter(windows);
      const days = spanOf(windows);
      for (const { id } of projects.all([project])) {
        people([id, Number(ci)], days, (day, gap, n) => {
          active.add(day, gap, n);
          if (gap === NEVER_BEFORE) firsts.add(day, gap, n);
        });
      }
      return { active: active.take(), firsts: firsts.take() };
    },
    valueGaps: (question) => {
      const parts = new Map<string, GapCount[][]>();
      for (const { value, read } of valuesOf(question.project, question.dimension)) {
        // Projects may have the same value.
        parts.set(value, [...(parts.get(value) ?? []), collect(read, question)]);
      }
      return [...parts]
        .flatMap(([value, ofProjects]) =>
          sumUp(ofProjects).map(({ day, gap, n }) => ({ day, value, gap, n })),
        )
        .sort((a, b) => a.day - b.day);
    },
  };
}

function collect(read: ValueRows['read'], question: DaysQuestion): GapCount[] {
  const counts: GapCount[] = [];
  read(question, (day, gap, n) => counts.push({ day, gap, n }));
  return counts;
}

/** Sums what projects have for the same day and gap. */
function sumUp(parts: readonly GapCount[][]): GapCount[] {
  const [first = [], ...others] = parts.filter((counts) => counts.length > 0);
  if (others.length === 0) return first;
  const sums = new Map<number, GapCount>();
  for (const { day, gap, n } of [first, ...others].flat()) {
    const key = day * GAPS + gap;
    sums.set(key, { day, gap, n: n + (sums.get(key)?.n ?? 0) });
  }
  return [...sums.values()]
    .filter(({ n }) => n !== 0)
    .sort((a, b) => a.day - b.day || a.gap - b.gap);
}
