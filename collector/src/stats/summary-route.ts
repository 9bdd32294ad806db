import type { App } from '../app-types.js';
import { problemResponses } from '../problem.js';
import { scopeSchema, type StatsParts } from './stats-parts.js';
import { askSummary, summarySchema } from './summary.js';

/** `GET /v1/stats/summary`, which the first generation knows as `GET /stats`. */
export function registerSummaryRoute(app: App, parts: StatsParts): void {
  const schema = {
    querystring: scopeSchema,
    response: { 200: summarySchema, ...problemResponses },
  };
  for (const path of ['/v1/stats/summary', '/stats']) {
    app.get(path, { schema }, ({ query }) => askSummary(parts, query.project));
  }
}
