import { addDays, beginOf, type CalendarInterval, endOf } from './calendar.js';
import type { NaiveAsked } from './naive-asked.js';
import { bucketRow, bucketsOf, todayOf } from './naive-spans.js';
import { unusualIn } from './naive-unusual.js';
import { firstDateOf, isPerson, wasActive } from './naive-user.js';

export function naiveRetention(asked: NaiveAsked): object {
  const interval = (asked.query['interval'] ?? 'week') as CalendarInterval;
  const today = todayOf(asked);
  const people = asked.count.users(asked.project).filter(isPerson);
  const rows: object[] = [];
  const cohorts = bucketsOf(asked, interval);
  for (const cohort of cohorts) {
    const unusual = unusualIn(asked, cohort).length > 0;
    const members = people.filter((user) => beginOf(firstDateOf(user), interval) === cohort.from);
    let from = cohort.from;
    for (let period = 0; from <= today; period++) {
      const to = endOf(from, interval);
      const seen = members.filter((user) => wasActive(user, from, to)).length;
      rows.push({
        cohort: cohort.from,
        size: members.length,
        period,
        ...bucketRow({ from, to }, asked),
        people: seen,
        rate: members.length === 0 ? 0 : seen / members.length,
        unusual,
      });
      from = addDays(to, 1);
    }
  }
  return {
    project: asked.project,
    interval,
    timezone: asked.zone,
    as_of: new Date(asked.now).toISOString(),
    unusual: unusualIn(asked, { from: cohorts[0]?.from ?? '', to: cohorts.at(-1)?.to ?? '' }),
    rows,
  };
}
