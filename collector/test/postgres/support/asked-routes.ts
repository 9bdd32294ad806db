import { PEOPLE_DIMENSIONS } from '../../../src/rules/dimensions.js';
import { EXPORTS } from '../../../src/store/export-rows.js';
import { PEOPLE } from '../../model/wire-reports.js';

/** A question to a route: parts of its path, and of its query. */
export interface Asked {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** How a route is asked about a project. */
interface AskedRoute {
  readonly ask: (project: string) => readonly Asked[];
  /** What it answers to some of these questions at least. */
  readonly status: number;
}

const asks = (ask: AskedRoute['ask'], status = 200): AskedRoute => ({ ask, status });

const once = asks(() => [{}]);
const aboutProject = asks((project) => [{ query: { project } }]);
const underProject = asks((project) => [{ path: { project } }]);
const perDimension = asks((project) =>
  [...PEOPLE_DIMENSIONS, 'event'].map((dimension) => ({ query: { project, dimension } })),
);

/** It tells of the process or the machine, is made anew each time, or has no end. */
const NOT_OF_COUNTS = null;

/** Every route that is only read, and how it is asked about counts. */
export const ASKED_ROUTES: Readonly<Record<string, AskedRoute | null>> = {
  '/v1/stats/summary': aboutProject,
  '/stats': aboutProject,
  '/v1/stats/timeseries': aboutProject,
  '/v1/stats/breakdown': perDimension,
  '/v1/stats/retention': aboutProject,
  '/v1/stats/adoption': aboutProject,
  '/v1/stats/growth': aboutProject,
  '/v1/stats/support': aboutProject,
  '/v1/stats/forecast': aboutProject,
  '/v1/stats/annotations': aboutProject,
  '/v1/stats/silence': aboutProject,
  '/v1/stats/quality': aboutProject,
  '/v1/stats/recent': aboutProject,
  '/stats/recent': aboutProject,
  '/v1/stats/projects': once,
  '/v1/users/{anonymous_id}': asks((project) =>
    PEOPLE.slice(0, 3).map((anonymous_id) => ({ path: { anonymous_id }, query: { project } })),
  ),
  '/v1/projects': once,
  '/v1/projects/{project}': underProject,
  '/v1/projects/{project}/manifest': underProject,
  '/v1/projects/{project}/annotations': underProject,
  '/v1/cleanings': once,
  // Each collector names its cleanings by itself.
  '/v1/cleanings/{id}': asks(() => [{ path: { id: '00000000' } }], 404),
  '/v1/retention': once,
  '/v1/export': asks((project) => EXPORTS.map((what) => ({ query: { project, what } }))),
  '/v1/charts/active.svg': aboutProject,
  '/v1/charts/versions.svg': aboutProject,
  '/v1/charts/systems.svg': aboutProject,
  '/v1/badge.json': aboutProject,
  '/v1/badge.svg': aboutProject,
  '/': NOT_OF_COUNTS,
  '/health': NOT_OF_COUNTS,
  '/livez': NOT_OF_COUNTS,
  '/readyz': NOT_OF_COUNTS,
  '/metrics': NOT_OF_COUNTS,
  '/logs': NOT_OF_COUNTS,
  '/logs/stats': NOT_OF_COUNTS,
  '/openapi.json': NOT_OF_COUNTS,
  '/v1/audit': NOT_OF_COUNTS,
  '/v1/logs': NOT_OF_COUNTS,
  '/v1/logs/counts': NOT_OF_COUNTS,
  '/v1/logs/live': NOT_OF_COUNTS,
  '/v1/performance': NOT_OF_COUNTS,
  '/v1/session': NOT_OF_COUNTS,
  '/v1/stats/live': NOT_OF_COUNTS,
  '/v1/tokens': NOT_OF_COUNTS,
  '/v1/tokens/{id}/sessions': NOT_OF_COUNTS,
};

/** The path of a question. */
export const pathOf = (route: string, { path = {} }: Asked): string =>
  route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
