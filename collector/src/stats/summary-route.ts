import { Type } from 'typebox';
import type { App } from '../app-types.js';
import { formatParameter, NOT_MODIFIED, writeAs } from './answer.js';
import { askQuestion } from './ask-question.js';
import { DOCUMENTED_ANSWER } from './documented-answer.js';
import { parameters } from './parameters.js';
import { scopeMembers, type StatsRouteParts } from './stats-parts.js';
import { askSummary, type SummaryAnswer, summarySchema, toFigures } from './summary.js';

const summaryQuery = Type.Object(
  { ...scopeMembers, tz: parameters.tz, format: formatParameter },
  { additionalProperties: false },
);

/** `GET /v1/stats/summary`, which the first generation knows as `GET /stats`. */
export function registerSummaryRoute(app: App, parts: StatsRouteParts): void {
  const schema = {
    tags: ['stats'],
    querystring: summaryQuery,
    response: { 304: NOT_MODIFIED, 200: summarySchema },
  };
  const preSerialization = writeAs(toFigures, () => ['figure', 'value']);
  for (const [path, summary] of [
    ['/v1/stats/summary', 'How many people there are, were active, and what they run'],
    ['/stats', 'The same as /v1/stats/summary (first generation)'],
  ] as const) {
    const options = {
      schema: { ...schema, summary },
      config: DOCUMENTED_ANSWER,
      onRequest: parts.guards,
      preSerialization,
    };
    app.get(path, options, (request, reply) =>
      askQuestion<SummaryAnswer>(request, reply, parts, (asked) => askSummary(parts, asked)),
    );
  }
}
