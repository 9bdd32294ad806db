import fc from 'fast-check';
import { ALL_PEOPLE_DIMENSIONS } from './naive-report.js';
import { PEOPLE, PROJECTS } from './wire-reports.js';

/** A question, as its path and the parameters of its query. */
export interface Question {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

const FIELDS = ['build.bundler', 'build.cached', 'build.size', 'startup.bundler', 'startup.size'];
const REPORT_DIMENSIONS = ['event', ...FIELDS.map((name) => `field:${name}`)];
const DIMENSIONS = [...ALL_PEOPLE_DIMENSIONS, ...REPORT_DIMENSIONS];

const project = fc.constantFrom(...PROJECTS, ...PROJECTS, 'nobody', undefined, undefined);
const interval = fc.constantFrom('day', 'week', 'month');
const limit = fc.constantFrom(undefined, undefined, '1', '2', '50');
const window = (longest: number) =>
  fc.oneof(
    fc.constantFrom(1, 7, 28, longest),
    fc.integer({ min: 1, max: longest }),
    fc.constant(0),
  );

/** Days around a date; a window of days that ends with the last of them. */
const span = (around: string) => {
  const shifted = (days: number): string => {
    const date = new Date(around);
    date.setUTCDate(date.getUTCDate() + days);
    return date.toISOString().slice(0, 10);
  };
  return fc.oneof(
    fc.constant({}),
    fc.integer({ min: -60, max: 20 }).map((to) => ({ to: shifted(to) })),
    fc
      .record({ to: fc.integer({ min: -60, max: 20 }), days: fc.nat(70) })
      .map(({ to, days }) => ({ from: shifted(to - days), to: shifted(to) })),
  );
};

function ask(path: string, given: Readonly<Record<string, string | undefined>>): Question {
  const query = Object.entries(given).filter((entry): entry is [string, string] =>
    Boolean(entry[1]),
  );
  return { path, query: Object.fromEntries(query) };
}

const days = (length: number): string | undefined => (length === 0 ? undefined : `${length}d`);

const format = fc.constantFrom(undefined, 'json', 'csv', 'ndjson');

/** Questions of every kind about days around a date, to be answered in any format there is. */
export const questions = (around: string): fc.Arbitrary<Question> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .record({ question: formatted(around), format })
        .map(({ question: { path, query }, format: name }) =>
          ask(path, { ...query, format: name }),
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({ project: fc.constantFrom(...PROJECTS), user: fc.constantFrom(...PEOPLE) })
        .map(({ project: name, user }) => ask(`/v1/users/${user}`, { project: name })),
    },
    { weight: 1, arbitrary: project.map((name) => ask('/v1/stats/live', { project: name })) },
  );

function formatted(around: string): fc.Arbitrary<Question> {
  const series = { project, interval, span: span(around) };
  return fc.oneof(
    fc
      .record({
        ...series,
        metric: fc.constantFrom('active', 'new', 'returning', 'reports'),
        window: window(365),
        population: fc.constantFrom(undefined, 'people', 'ci'),
      })
      .map(({ span: asked, window: length, ...rest }) =>
        ask('/v1/stats/timeseries', { ...rest, ...asked, window: days(length) }),
      ),
    fc
      .record({
        ...series,
        grouped: fc.oneof(
          fc
            .constantFrom(...ALL_PEOPLE_DIMENSIONS)
            .map((group_by) => ({ group_by, metric: 'active' })),
          fc.record({
            group_by: fc.constantFrom(...REPORT_DIMENSIONS),
            metric: fc.constantFrom('active', 'reports'),
          }),
        ),
        window: window(31),
        limit,
      })
      .map(({ span: asked, grouped, window: length, ...rest }) =>
        ask('/v1/stats/timeseries', { ...rest, ...grouped, ...asked, window: days(length) }),
      ),
    fc
      .record({
        project,
        counted: fc.oneof(
          fc.record({ dimension: fc.constantFrom(...DIMENSIONS) }),
          fc.record({ dimension: fc.constantFrom(...DIMENSIONS), metric: fc.constant('people') }),
          fc.record({
            dimension: fc.constantFrom(...REPORT_DIMENSIONS),
            metric: fc.constant('reports'),
          }),
        ),
        window: window(31),
        span: span(around),
        limit,
      })
      .map(({ span: asked, window: length, counted, ...rest }) =>
        ask('/v1/stats/breakdown', {
          ...rest,
          ...counted,
          window: days(length),
          to: 'to' in asked ? asked.to : undefined,
        }),
      ),
    fc
      .record(series)
      .map(({ span: asked, ...rest }) => ask('/v1/stats/retention', { ...rest, ...asked })),
    fc
      .record({
        project,
        dimension: fc.constantFrom(undefined, ...ALL_PEOPLE_DIMENSIONS),
        window: window(31),
        span: span(around),
        limit,
      })
      .map(({ span: asked, window: length, ...rest }) =>
        ask('/v1/stats/adoption', { ...rest, ...asked, window: days(length) }),
      ),
    fc
      .record({
        project,
        window: fc.constantFrom(undefined, '1d', '7d', '28d'),
        span: span(around),
      })
      .map(({ span: asked, ...rest }) => ask('/v1/stats/growth', { ...rest, ...asked })),
    fc
      .record({
        project,
        dimension: fc.constantFrom(undefined, 'version', 'os_version', 'runtime_version'),
        window: fc.constantFrom(undefined, '28d', '45d', '60d'),
        limit,
      })
      .map((rest) => ask('/v1/stats/support', rest)),
    fc
      .record({ project, span: span(around) })
      .map(({ span: asked, project: name }) =>
        ask('/v1/stats/annotations', { project: name, ...asked }),
      ),
    fc
      .record({ project, span: span(around) })
      .map(({ span: asked, project: name }) =>
        ask('/v1/stats/quality', { project: name, ...asked }),
      ),
    fc
      .record({
        project,
        path: fc.constantFrom('/v1/stats/summary', '/stats', '/v1/stats/recent', '/stats/recent'),
      })
      .map(({ project: name, path }) => ask(path, { project: name })),
  );
}
