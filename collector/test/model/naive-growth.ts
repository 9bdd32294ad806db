import { addDays } from './calendar.js';
import type { NaiveAsked } from './naive-asked.js';
import { bucketRow, bucketsOf, windowOf } from './naive-spans.js';
import { unusualIn } from './naive-unusual.js';
import { firstDateOf, isPerson, wasActive } from './naive-user.js';

export function naiveGrowth(asked: NaiveAsked): object {
  const { window = '28d' } = asked.query;
  const people = asked.count.users(asked.project).filter(isPerson);
  const days = bucketsOf(asked, 'day');
  const dayBefore = (date: string) => ({ from: addDays(date, -1), to: addDays(date, -1) });
  const firstOf = (date: string): string => windowOf(dayBefore(date), window).from;
  return {
    project: asked.project,
    window,
    timezone: asked.zone,
    as_of: new Date(asked.now).toISOString(),
    unusual: unusualIn(asked, {
      from: firstOf(days[0]?.from ?? ''),
      to: days.at(-1)?.to ?? '',
    }),
    rows: days.map((day) => {
      const now = windowOf(day, window);
      const before = windowOf(dayBefore(day.from), window);
      const states = people.map((user) => ({
        isActive: wasActive(user, now.from, now.to),
        wasBefore: wasActive(user, before.from, before.to),
        isNew: firstDateOf(user) === day.from,
      }));
      const count = (is: (one: (typeof states)[number]) => boolean): number =>
        states.filter(is).length;
      return {
        ...bucketRow(day, asked),
        active: count(({ isActive }) => isActive),
        active_before: count(({ wasBefore }) => wasBefore),
        new: count(({ isNew }) => isNew),
        retained: count(({ isActive, wasBefore }) => isActive && wasBefore),
        resurrected: count(({ isActive, wasBefore, isNew }) => isActive && !wasBefore && !isNew),
        lost: count(({ isActive, wasBefore }) => wasBefore && !isActive),
        unusual: unusualIn(asked, { from: before.from, to: day.to }).length > 0,
      };
    }),
  };
}
