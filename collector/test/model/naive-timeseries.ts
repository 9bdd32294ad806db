import { addDays, type CalendarInterval } from './calendar.js';
import type { NaiveAsked } from './naive-asked.js';
import { peopleByValue, rank, reportsByValue, reportsIn } from './naive-figures.js';
import { naiveSince } from './naive-since.js';
import { bucketRow, bucketsOf, type NaiveSpan, windowOf } from './naive-spans.js';
import { unusualIn } from './naive-unusual.js';
import { firstDateOf, isBuildFarm, wasActive } from './naive-user.js';

const LONGEST_CERTAIN = 31;

export function naiveTimeseries(asked: NaiveAsked): object {
  const { metric = 'active', interval = 'day', population = 'people', ...query } = asked.query;
  const buckets = bucketsOf(asked, interval as CalendarInterval);
  const windows = buckets.map((bucket) => windowOf(bucket, query['window']));
  const groups = query['group_by'] === undefined ? undefined : groupsOf(asked, windows);
  const shown = groups?.names.slice(0, Number(query['limit'] ?? 10));
  return {
    project: asked.project,
    metric,
    unit: metric === 'reports' ? 'reports' : 'people',
    population,
    interval,
    window: query['window'] ?? null,
    group_by: query['group_by'] ?? null,
    groups_left_out: (groups?.names.length ?? 0) - (shown?.length ?? 0),
    unusual: unusualIn(asked, { from: windows[0]?.from ?? '', to: windows.at(-1)?.to ?? '' }),
    ...naiveSince(asked, query['group_by'], windows[0]?.from),
    timezone: asked.zone,
    as_of: new Date(asked.now).toISOString(),
    rows: buckets.flatMap((bucket, at): object[] => {
      const row = bucketRow(bucket, asked);
      const mark = { unusual: unusualIn(asked, windows[at] ?? bucket).length > 0 };
      if (groups !== undefined && shown !== undefined) {
        return shown.map((group) => ({
          ...row,
          group,
          value: groups.figures[at]?.get(group) ?? 0,
          ...mark,
        }));
      }
      const window = windows[at] ?? bucket;
      const value = figureOf(asked, metric, population === 'ci', window);
      const isSure = metric === 'active' && population === 'people';
      return [{ ...row, value, ...(isSure && certaintyIn(asked, window, windows)), ...mark }];
    }),
  };
}

function groupsOf(asked: NaiveAsked, windows: readonly NaiveSpan[]) {
  const { metric = 'active', group_by: dimension = '' } = asked.query;
  const byValue = metric === 'reports' ? reportsByValue : peopleByValue;
  const figures = windows.map((window) => byValue(asked, dimension, window));
  return { figures, names: rank(figures) };
}

function figureOf(asked: NaiveAsked, metric: string, ci: boolean, { from, to }: NaiveSpan): number {
  if (metric === 'reports') return reportsIn(asked, { from, to }, ci).length;
  const active = asked.count
    .users(asked.project)
    .filter((user) => isBuildFarm(user) === ci && wasActive(user, from, to));
  const news = active.filter((user) => firstDateOf(user) >= from);
  if (metric === 'active') return active.length;
  return metric === 'new' ? news.length : active.length - news.length;
}

function certaintyIn(asked: NaiveAsked, window: NaiveSpan, windows: readonly NaiveSpan[]) {
  const isTooLong = windows.some(({ from, to }) => addDays(from, LONGEST_CERTAIN) <= to);
  const figures = peopleByValue(asked, 'certainty', window);
  const of = (name: string): number | null => (isTooLong ? null : (figures.get(name) ?? 0));
  return { certain: of('certain'), likely: of('likely'), ephemeral: of('ephemeral') };
}
