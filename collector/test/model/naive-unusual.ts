import { addDays, type CalendarDate } from './calendar.js';
import type { NaiveCount } from './naive-count.js';
import { tally } from './naive-figures.js';
import type { NaiveSpan } from './naive-spans.js';
import { firstDateOf, isPerson } from './naive-user.js';

const USUAL_DAYS = 28;

/**
 * The days of a span with unusually many new people: over 500, and over 10 times the median of the
 * 28 days before. Of all projects: in one of them, or in all together.
 */
export function unusualIn(
  {
    count,
    project,
  }: { readonly count: Pick<NaiveCount, 'users'>; readonly project: string | null },
  { from, to }: NaiveSpan,
): CalendarDate[] {
  const users = count.users(project);
  // Saves time where the rule cannot hold.
  if (users.length <= 500) return [];
  const people = users.filter(isPerson);
  const groups = [people];
  for (const name of new Set(people.map((user) => user.project))) {
    groups.push(people.filter((user) => user.project === name));
  }
  const found = groups.flatMap((group) => {
    const firsts = tally(group.map(firstDateOf));
    const newOn = (date: CalendarDate): number => firsts.get(date) ?? 0;
    const dates = [...firsts.keys()].filter((date) => date >= from && date <= to);
    return dates.filter((date) => {
      const before: number[] = [];
      for (let n = 1; n <= USUAL_DAYS; n++) before.push(newOn(addDays(date, -n)));
      return newOn(date) > 500 && newOn(date) > 10 * median(before);
    });
  });
  return [...new Set(found)].sort();
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const upper = sorted[sorted.length / 2] ?? 0;
  return (upper + (sorted[sorted.length / 2 - 1] ?? upper)) / 2;
}
