import type { Static } from 'typebox';
import type { RetentionCohort, RetentionContent } from '../../../web/page/retention-content.js';
import type { retentionSchema } from '../../stats/retention-route.js';
import { RESTRICTED_K } from '../../stats/seen-groups.js';
import type { Asked } from '../gather.js';

type RetentionRow = Static<typeof retentionSchema>['rows'][number];

/** The page on who comes again. */
export async function gatherRetention({ need, view, query }: Asked): Promise<RetentionContent> {
  const interval = query['interval'] === 'month' ? 'month' : 'week';
  const { rows } = await need<Static<typeof retentionSchema>>('/v1/stats/retention', {
    ...{ interval, from: view.from, to: view.to },
  });
  return {
    page: 'retention',
    view,
    series: { period: interval, cohorts: cohortsOf(rows), leastShown: RESTRICTED_K },
  };
}

/** A cohort for each period in which somebody was first seen. Its own period is all of it. */
function cohortsOf(rows: readonly RetentionRow[]): RetentionCohort[] {
  const byDate = new Map<string, RetentionRow[]>();
  for (const row of rows) {
    const cohort = byDate.get(row.cohort) ?? [];
    cohort.push(row);
    byDate.set(row.cohort, cohort);
  }
  return [...byDate].flatMap(([date, periods]) => {
    const people = periods[0]?.size ?? 0;
    if (people === 0) return [];
    const later = periods.filter(({ period }) => period > 0);
    const cells = later.map(({ rate, complete }) => ({ share: rate, complete }));
    return [{ date, people, cells }];
  });
}
