import { forecastDays } from '../../src/forecast/forecast-days.js';
import { addDays, type CalendarDate } from './calendar.js';
import type { NaiveAsked } from './naive-asked.js';
import { reportsIn, tally } from './naive-figures.js';
import { bucketRow, bucketsOf, todayOf } from './naive-spans.js';
import { unusualIn } from './naive-unusual.js';
import { datesOf, firstDateOf, isPerson, valueSaid } from './naive-user.js';

const NEEDED = 35;
const HISTORY = 3 * 365;

/**
 * What `GET /v1/stats/forecast` must answer, without reasons. What came, and which days it is about,
 * is counted anew; how days follow from days before is asked of the method, which has tests of its own.
 *
 * @param keptFrom - The first day whose counts are kept.
 */
export function naiveForecast(asked: NaiveAsked, keptFrom: CalendarDate = ''): object {
  const { metric = 'active' } = asked.query;
  const today = todayOf(asked);
  const days = bucketsOf(asked, 'day').filter(({ from }) => from <= today);
  const yesterday = addDays(today, -1);
  const to = asked.query['to'] ?? today;
  const last = to < yesterday ? to : yesterday;
  const dates = Array.from({ length: HISTORY }, (_, n) => addDays(last, n - HISTORY + 1)).filter(
    (date) => date >= keptFrom,
  );
  const figures = countsByDate(asked, metric);
  const countOn = (date: CalendarDate): number => figures.get(date) ?? 0;
  const counts = dates.map(countOn);
  const unusual = unusualIn(asked, { from: dates[0] ?? '', to: addDays(last, 1) });
  const concerning = unusual.filter(
    (date) => asked.project !== null || isUnusualInAll(asked, date),
  );
  const known = counts.slice(counts.findIndex((count) => count > 0));
  const isEnough = counts.some((count) => count > 0) && known.length >= NEEDED;
  const forecast = forecastDays({
    firstDay: 0,
    counts,
    unusualDays: new Set(concerning.map((date) => dates.indexOf(date))),
  });
  const byDate = new Map(
    (forecast.ok ? forecast.days : []).map((one) => [addDays(dates[0] ?? '', one.day), one]),
  );
  return {
    project: asked.project,
    metric,
    of: asked.query['of'] ?? null,
    unit: metric === 'reports' ? 'reports' : 'people',
    timezone: asked.zone,
    as_of: new Date(asked.now).toISOString(),
    status: isEnough ? 'ok' : 'too_few_days',
    days_known: counts.some((count) => count > 0) ? known.length : 0,
    days_needed: NEEDED,
    unusual: unusual.filter((date) => date >= (days[0]?.from ?? '')),
    rows: days.map((day) => {
      const one = byDate.get(day.from);
      const row = bucketRow(day, asked);
      return {
        ...row,
        expected: one?.expectation ? Math.round(one.expectation.expected * 10) / 10 : null,
        low: one?.expectation?.low ?? null,
        high: one?.expectation?.high ?? null,
        observed: row.complete ? countOn(day.from) : null,
        flags: [...(one?.flags ?? [])],
        unusual: unusual.includes(day.from),
      };
    }),
  };
}

/** Of all projects together, a day that is unusual in one of them alone may be compared with. */
function isUnusualInAll(asked: NaiveAsked, date: CalendarDate): boolean {
  const all = asked.count.users(null).map((user) => ({ ...user, project: '' }));
  return (
    unusualIn({ count: { users: () => all }, project: null }, { from: date, to: date }).length > 0
  );
}

/** The figure of each day that has any. */
function countsByDate(asked: NaiveAsked, metric: string): ReadonlyMap<CalendarDate, number> {
  const people = asked.count.users(asked.project).filter(isPerson);
  if (metric === 'new') return tally(people.map(firstDateOf));
  if (metric === 'active') return tally(people.flatMap(datesOf));
  const { of } = asked.query;
  const [, event] = /^event:(.*)$/.exec(of ?? '') ?? [];
  const reports = reportsIn(asked, { from: '', to: '9999-12-31' }).filter((report) => {
    if (of === undefined) return true;
    return event === undefined ? valueSaid(report, of) !== undefined : report.event === event;
  });
  return tally(reports.map(({ date }) => date));
}
