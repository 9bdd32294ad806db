import type { Cohort, RetentionSeries } from '../charts/retention.js';
import type { RetentionCurvesSeries } from '../charts/retention-curves.js';
import type { Language } from '../language/language.js';

/** With fewer cohorts, two halves say nothing of how retention changes. */
const FEWEST_TO_HALVE = 4;

/** The curves of all cohorts together, and of their earlier and later half. */
export function retentionLines(
  { cohorts, period }: RetentionSeries,
  { texts }: Language,
): RetentionCurvesSeries {
  const all = { name: texts.retention.all, slot: 1, shares: sharesOf(cohorts) } as const;
  const half = Math.floor(cohorts.length / 2);
  const [earlier, later] = [cohorts.slice(0, half), cohorts.slice(half)];
  if (cohorts.length < FEWEST_TO_HALVE) return { period, lines: [all] };
  return {
    period,
    lines: [
      all,
      { name: texts.retention.earlier, slot: 2, shares: sharesOf(earlier) },
      { name: texts.retention.recent, slot: 3, shares: sharesOf(later) },
    ],
  };
}

/**
 * The share of cohorts together in each period, the first included: only cohorts whose period is
 * over count in it, by their people.
 */
function sharesOf(cohorts: readonly Cohort[]): readonly (number | null)[] {
  const periods = Math.max(0, ...cohorts.map(({ cells }) => cells.length));
  const shares = Array.from({ length: periods }, (_, at) => {
    let people = 0;
    let stayed = 0;
    for (const cohort of cohorts) {
      const cell = cohort.cells[at];
      if (typeof cohort.people !== 'number' || cell?.complete !== true || cell.share === null) {
        continue;
      }
      people += cohort.people;
      stayed += cohort.people * cell.share;
    }
    return people === 0 ? null : stayed / people;
  });
  while (shares.length > 0 && shares.at(-1) === null) shares.pop();
  return periods === 0 ? [] : [1, ...shares];
}
