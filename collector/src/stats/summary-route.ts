import type { App } from '../app-types.js';
import { scopeSchema, type StatsParts } from './stats-parts.js';
import { askSummary, summarySchema } from './summary.js';

/** `GET /v1/stats/summary`, which the first generation knows as `GET /stats`. */
export function registerSummaryRoute(app: App, parts: StatsParts): void {
  const schema = { tags: ['stats'], querystring: scopeSchema, response: { 200: summarySchema } };
  for (const [path, summary] of [
    ['/v1/stats/summary', 'How many people there are, and what they run'],
    ['/stats', 'The same as /v1/stats/summary (first generation)'],
  ] as const) {
    app.get(
      path,
      { schema: { ...schema, summary }, config: { problems: ['failing'] } },
      ({ query }) => askSummary(parts, query.project ?? null),
    );
  }
}
