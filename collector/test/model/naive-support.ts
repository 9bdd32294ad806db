import { addDays } from './calendar.js';
import type { NaiveAsked } from './naive-asked.js';
import { todayOf } from './naive-spans.js';
import { datesOf, isPerson, valuesOn, wasActive } from './naive-user.js';
import type { NaiveUser } from './naive-count.js';

/** The versions that each project marks as ended: all below one, as its settings say it. */
export const ENDED = {
  version: '<1.10.0',
  runtime_version: { node: '<24' },
  os_version: { Linux: '<7', Darwin: '<26' },
};
const ENDS_BELOW: Readonly<Record<string, string>> = {
  version: '1.10.0',
  'runtime_version node': '24',
  'os_version Linux': '7',
  'os_version Darwin': '26',
};

/** The dimension in which each kind of version is counted apart. */
const FAMILIES: Readonly<Record<string, string>> = {
  os_version: 'os',
  runtime_version: 'runtime',
};

/** Days of which it is known when half of the people had a version. */
const HISTORY = 180;

export function naiveSupport(asked: NaiveAsked): object {
  const { dimension = 'version', window = '28d', limit = '100' } = asked.query;
  const today = todayOf(asked);
  const people = asked.count.users(asked.project).filter(isPerson);
  const from = addDays(today, 1 - Number.parseInt(window, 10));
  const family = FAMILIES[dimension];
  const now = people
    .filter((user) => datesOf(user).some((date) => date >= from))
    .map((user) => {
      const values = valuesOn(user, datesOf(user).at(-1) ?? '');
      return { of: family === undefined ? null : values[family], value: values[dimension] ?? '' };
    });
  const families = [...new Set(now.map(({ of }) => of))]
    .map((of) => ({ of: of ?? null, all: now.filter((one) => one.of === of) }))
    .sort((a, b) => b.all.length - a.all.length || ((a.of ?? '') < (b.of ?? '') ? -1 : 1));
  const rows = families.flatMap(({ of, all }) =>
    [...new Set(all.map(({ value }) => value))].sort(newestFirst).map((value) => {
      const have = all.filter((one) => one.value === value).length;
      const above = all.filter((one) => isAtLeast(one.value, value)).length;
      const isVersion = numbersOf(value) !== undefined;
      return {
        of,
        value,
        people: have,
        share: have / all.length,
        people_from_here: isVersion ? above : null,
        share_from_here: isVersion ? above / all.length : null,
        ended: asked.project === null ? null : isEnded(asked, of, value),
        ...(dimension === 'version'
          ? halfOf(people, value, today)
          : { first_date: null, days_to_half: null }),
      };
    }),
  );
  const kept = new Set(
    [...rows]
      .sort((a, b) => b.people - a.people)
      .slice(0, Number(limit))
      .map((row) => row),
  );
  const shown = rows.length <= Number(limit) ? rows : rows.filter((row) => kept.has(row));
  return {
    project: asked.project,
    dimension,
    window,
    timezone: asked.zone,
    as_of: new Date(asked.now).toISOString(),
    total: now.length,
    ended: families.map(({ of, all }) => {
      const total = all.length;
      // All projects together have no settings.
      if (asked.project === null) return { of, total, people: null, share: null };
      const ended = all.filter(({ value }) => isEnded(asked, of, value)).length;
      return { of, total, people: ended, share: ended / total };
    }),
    values_left_out: rows.length - shown.length,
    rows: shown,
  };
}

function isEnded(asked: NaiveAsked, of: string | null, value: string): boolean {
  const { dimension = 'version' } = asked.query;
  const limit = ENDS_BELOW[of === null ? dimension : `${dimension} ${of}`];
  if (limit === undefined) return false;
  return numbersOf(value) !== undefined && compareVersions(value, limit) < 0;
}

/** When a version came, and how long it took until half of a week's people had it or a newer one. */
function halfOf(people: readonly NaiveUser[], value: string, today: string) {
  const begin = addDays(today, 1 - HISTORY);
  const has = (date: string, is: (version: string) => boolean): number =>
    people
      .filter((user) => wasActive(user, date, date))
      .filter((user) => is(valuesOn(user, date)['version'] ?? '')).length;
  const dates = Array.from({ length: HISTORY }, (_, n) => addDays(begin, n));
  const first = dates.find((date) => has(date, (version) => version === value) > 0);
  const weekBefore = Array.from({ length: 7 }, (_, n) => addDays(begin, -1 - n));
  const wasThere = weekBefore.some((date) => has(date, (version) => version === value) > 0);
  if (first === undefined || wasThere) return { first_date: null, days_to_half: null };
  if (numbersOf(value) === undefined) return { first_date: first, days_to_half: null };
  const half = dates.find((date) => {
    const week = Array.from({ length: 7 }, (_, n) => addDays(date, -n));
    const sum = (is: (version: string) => boolean): number =>
      week.reduce((all, one) => all + has(one, is), 0);
    return date >= first && 2 * sum((version) => isAtLeast(version, value)) >= sum(() => true);
  });
  const days = half === undefined ? null : dates.indexOf(half) - dates.indexOf(first);
  return { first_date: first, days_to_half: days };
}

/** The numbers of a version and of its pre-release; `undefined` of what is none. */
function numbersOf(value: string): { release: number[]; pre: string[] } | undefined {
  const [numbers = '', ...rest] = value.split('-');
  if (!/^\d+(\.\d+)*$/.test(numbers)) return undefined;
  return {
    release: numbers.split('.').map(Number),
    pre: rest.join('-').split('.').filter(Boolean),
  };
}

function compareVersions(a: string, b: string): number {
  const [x, y] = [numbersOf(a), numbersOf(b)];
  if (x === undefined || y === undefined) return Number(y === undefined) - Number(x === undefined);
  for (let at = 0; at < 4; at++) {
    const difference = (x.release[at] ?? 0) - (y.release[at] ?? 0);
    if (difference !== 0) return difference;
  }
  if (x.pre.length === 0 || y.pre.length === 0) return y.pre.length - x.pre.length;
  for (let at = 0; at < Math.max(x.pre.length, y.pre.length); at++) {
    const [m, n] = [x.pre[at], y.pre[at]];
    if (m === n) continue;
    if (m === undefined || n === undefined) return m === undefined ? -1 : 1;
    if (/^\d+$/.test(m) && /^\d+$/.test(n)) return Number(m) - Number(n);
    return m < n ? -1 : 1;
  }
  return 0;
}

const newestFirst = (a: string, b: string): number =>
  compareVersions(b, a) || (a < b ? -1 : Number(a > b));

const isAtLeast = (version: string, other: string): boolean =>
  numbersOf(version) !== undefined && compareVersions(version, other) >= 0;
