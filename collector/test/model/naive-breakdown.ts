import type { NaiveAsked } from './naive-asked.js';
import { peopleByValue, rank, reportsByValue, reportsIn } from './naive-figures.js';
import { ALL_PEOPLE_DIMENSIONS } from './naive-report.js';
import { naiveSince } from './naive-since.js';
import { bucketRow, todayOf, windowOf } from './naive-spans.js';
import { unusualIn } from './naive-unusual.js';
import { isPerson, wasActive } from './naive-user.js';

export function naiveBreakdown(asked: NaiveAsked): object {
  const { dimension = '', window = '28d', limit = '20', to = todayOf(asked) } = asked.query;
  const span = windowOf({ from: to, to }, window);
  const isFact = ALL_PEOPLE_DIMENSIONS.includes(dimension);
  const isOfPeople = (asked.query['metric'] ?? (isFact ? 'people' : 'reports')) === 'people';
  const figures = (isOfPeople ? peopleByValue : reportsByValue)(asked, dimension, span);
  const values = rank([figures]);
  const total = totalOf();
  return {
    project: asked.project,
    dimension,
    unit: isOfPeople ? 'people' : 'reports',
    window,
    ...bucketRow(span, asked),
    total,
    values_left_out: Math.max(0, values.length - Number(limit)),
    unusual: unusualIn(asked, span),
    ...(isOfPeople && naiveSince(asked, dimension, span.from)),
    timezone: asked.zone,
    as_of: new Date(asked.now).toISOString(),
    rows: values.slice(0, Number(limit)).map((value) => {
      const count = figures.get(value) ?? 0;
      return { value, count, share: count / total };
    }),
  };

  /** All that are told apart, each of them once. */
  function totalOf(): number {
    const [, event] = /^field:([^.]+)\./.exec(dimension) ?? [];
    if (isOfPeople && event !== undefined)
      return peopleByValue(asked, 'event', span).get(event) ?? 0;
    if (isOfPeople) {
      const people = asked.count.users(asked.project).filter(isPerson);
      return people.filter((user) => wasActive(user, span.from, span.to)).length;
    }
    if (dimension === 'event') return reportsIn(asked, span).length;
    return [...figures.values()].reduce((sum, n) => sum + n, 0);
  }
}
