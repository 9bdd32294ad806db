import type { NaiveAsked } from './naive-asked.js';
import { bucketsOf } from './naive-spans.js';
import { datesOf, isPerson, valuesOn } from './naive-user.js';

/** People who make a release, where nothing is set. */
const LEAST = 10;

export function naiveAnnotations(asked: NaiveAsked): object {
  const days = bucketsOf(asked, 'day');
  const [from = '', to = ''] = [days[0]?.from, days.at(-1)?.to];
  const people = asked.count.users(asked.project).filter(isPerson);
  const visits = people.flatMap((user) =>
    datesOf(user).map((date) => ({
      ...{ project: user.project, date, version: valuesOn(user, date)['version'] ?? '' },
    })),
  );
  const keys = [
    ...new Set(visits.map(({ project, version }) => JSON.stringify([project, version]))),
  ];
  const rows = keys.sort().flatMap((key) => {
    const [project, version] = JSON.parse(key) as [string, string];
    const own = visits.filter((one) => one.project === project && one.version === version);
    const peopleOn = (date: string): number => own.filter((one) => one.date === date).length;
    const first = [...new Set(own.map(({ date }) => date))]
      .sort()
      .find((date) => peopleOn(date) >= LEAST);
    if (first === undefined || first < from || first > to || !/^\d/.test(version)) return [];
    return [
      {
        ...{ project, date: first, to: first, kind: 'release', text: version, version },
        ...{ prerelease: version.includes('-'), people: peopleOn(first), id: null, public: null },
      },
    ];
  });
  return {
    project: asked.project,
    timezone: asked.zone,
    as_of: new Date(asked.now).toISOString(),
    least_people: LEAST,
    left_out: 0,
    rows: rows.sort((a, b) => (a.date < b.date ? -1 : Number(a.date > b.date))),
  };
}
