import type { NaiveAsked } from './naive-asked.js';
import type { NaiveReport } from './naive-report.js';
import { datesOf, isBuildFarm, newestOf, valuesOn } from './naive-user.js';

/** Without what is kept in general. */
export function naiveOwnRecord({ count, project, now }: NaiveAsked, id: string): object {
  const deletedAt = count.deletedAt(project ?? '', id);
  const general = {
    project,
    deleted_at: deletedAt === -Infinity ? null : new Date(deletedAt).toISOString(),
    as_of: new Date(now).toISOString(),
  };
  const user = count.kept(project ?? '', id);
  if (user === undefined) {
    const nothing = { first_day: null, last_day: null, first_seen: null, last_seen: null };
    const none = { active_days: [], total_reports: 0, facts: {}, counted_as: [], events: [] };
    return { ...general, ...nothing, ...none, reports_lost: 0 };
  }
  const dates = datesOf(user);
  const newest = newestOf(user);
  const moments = user.reports.map(({ at }) => at);
  const spans: { until: string; facts: object }[] = [];
  for (const date of dates) {
    const span = { until: date, facts: valuesOn(user, date) };
    const isSame = JSON.stringify(spans.at(-1)?.facts) === JSON.stringify(span.facts);
    if (isSame) spans.pop();
    spans.push(span);
  }
  return {
    ...general,
    first_day: dates[0],
    last_day: dates.at(-1),
    first_seen: new Date(Math.min(...moments)).toISOString(),
    last_seen: new Date(Math.max(...moments)).toISOString(),
    active_days: dates,
    total_reports: user.reports.length,
    facts: {
      os: newest.values['os'],
      version: newest.values['version'],
      ci: isBuildFarm(user),
      ...(newest.source !== undefined && { id_source: newest.source }),
      ...(newest.isKept !== undefined && { id_persisted: newest.isKept }),
    },
    counted_as: spans,
    events: saidBy(user.reports),
    reports_lost: Math.max(...user.reports.map(({ lost }) => lost)),
  };
}

/** On which days reports that came from no build farm said what, by dimension and value. */
function saidBy(reports: readonly NaiveReport[]): object[] {
  const said = reports
    .filter(({ ci, event }) => !ci && event !== undefined)
    .flatMap(({ event = '', fields, date }) => [
      { dimension: 'event', value: event, date },
      ...Object.entries(fields).map(([name, value]) => ({
        ...{ dimension: `field:${event}.${name}`, value, date },
      })),
    ]);
  const values = new Map(said.map((one) => [`${one.dimension}\n${one.value}`, one]));
  return [...values]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { dimension, value }]) => {
      const same = said.filter((one) => one.dimension === dimension && one.value === value);
      return { dimension, value, days: [...new Set(same.map(({ date }) => date))].sort() };
    });
}
