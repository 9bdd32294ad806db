import { addDays } from './calendar.js';
import type { NaiveAsked } from './naive-asked.js';
import { tally } from './naive-figures.js';
import { todayOf } from './naive-spans.js';
import { unusualIn } from './naive-unusual.js';
import { isBuildFarm, isPerson, newestOf, wasActive } from './naive-user.js';

export function naiveSummary(asked: NaiveAsked): object {
  const { count, project, zone, now } = asked;
  const today = todayOf(asked);
  const users = count.users(project);
  const people = users.filter(isPerson);
  const newest = people.map(newestOf);
  const active = (days: number): number =>
    people.filter((user) => wasActive(user, addDays(today, 1 - days), today)).length;
  const latest = (dimension: string): Record<string, number> =>
    Object.fromEntries(tally(newest.map(({ values }) => values[dimension] ?? '')));
  return {
    total_users: people.length,
    daily_active_users: active(1),
    weekly_active_users: active(7),
    monthly_active_users: active(28),
    band: { certain: 0, likely: 0, ephemeral: 0, ...latest('certainty') },
    os_distribution: latest('os'),
    version_distribution: latest('version'),
    last_updated: new Date(count.changedAt ?? now).toISOString(),
    // A deletion takes a person out of the counts of people; counts of reports stay.
    total_reports: count.arrived(project).length,
    reports_lost: count.lost(project),
    ci_users: users.filter(isBuildFarm).length,
    unusual: unusualIn(asked, { from: addDays(today, -27), to: today }),
    timezone: zone,
    as_of: new Date(now).toISOString(),
  };
}
