import type { NaiveAsked } from './naive-asked.js';
import { isPerson, newestOf } from './naive-user.js';

const SHOWN = 20;

/** Without masks; those of one moment in no order. */
export function naiveRecent({ count, project }: NaiveAsked): { users: RecentUser[] } {
  const users = count
    .users(project)
    .filter(isPerson)
    .map((user) => {
      const newest = newestOf(user);
      return {
        first_seen: new Date(Math.min(...user.reports.map(({ at }) => at))).toISOString(),
        last_seen: new Date(newest.at).toISOString(),
        os: newest.values['os'] ?? '',
        version: newest.values['version'] ?? '',
        total_reports: user.reports.length,
      };
    });
  return {
    users: users.sort((a, b) => b.last_seen.localeCompare(a.last_seen)).slice(0, SHOWN),
  };
}

interface RecentUser {
  readonly first_seen: string;
  readonly last_seen: string;
  readonly os: string;
  readonly version: string;
  readonly total_reports: number;
}
