import { addDays } from './calendar.js';
import type { NaiveAsked } from './naive-asked.js';
import { peopleByValue, rank } from './naive-figures.js';
import { naiveSince } from './naive-since.js';
import { bucketRow, bucketsOf, windowOf } from './naive-spans.js';
import { unusualIn } from './naive-unusual.js';
import { isPerson, wasActive } from './naive-user.js';

export function naiveAdoption(asked: NaiveAsked): object {
  const { dimension = 'version', window = '7d', limit = '10' } = asked.query;
  const days = bucketsOf(asked, 'day');
  const windows = days.map((day) => windowOf(day, window));
  const people = asked.count.users(asked.project).filter(isPerson);
  const totals = windows.map(
    ({ from, to }) => people.filter((user) => wasActive(user, from, to)).length,
  );
  const figures = windows.map((span) => peopleByValue(asked, dimension, span));
  const values = rank(figures);
  const shown = values.slice(0, Number(limit));
  const figure = (value: string, at: number): number => figures[at]?.get(value) ?? 0;
  const share = (value: string, at: number): number =>
    figure(value, at) === 0 ? 0 : figure(value, at) / (totals[at] ?? 0);
  const dayBefore = addDays(days[0]?.from ?? '', -1);
  const windowBefore = windowOf({ from: dayBefore, to: dayBefore }, window);
  const before = peopleByValue(asked, dimension, windowBefore);
  const marks = windows.map((span) => unusualIn(asked, span).length > 0);
  return {
    project: asked.project,
    dimension,
    window,
    timezone: asked.zone,
    as_of: new Date(asked.now).toISOString(),
    values_left_out: values.length - shown.length,
    unusual: unusualIn(asked, { from: windows[0]?.from ?? '', to: windows.at(-1)?.to ?? '' }),
    ...naiveSince(asked, dimension, windowBefore.from),
    values: shown.map((value) => {
      const first = days.findIndex((_, at) => figure(value, at) > 0);
      const half = days.findIndex((_, at) => share(value, at) >= 0.5);
      const isOld = before.has(value);
      return {
        value,
        first_date: isOld ? null : days[first]?.from,
        peak_share: Math.max(...days.map((_, at) => share(value, at))),
        days_to_half: isOld || half === -1 ? null : half - first,
      };
    }),
    rows: days.flatMap((day, at) =>
      shown.map((value) => ({
        ...bucketRow(day, asked),
        value,
        people: figure(value, at),
        share: share(value, at),
        unusual: marks[at],
      })),
    ),
  };
}
