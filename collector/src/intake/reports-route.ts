import { Type } from 'typebox';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { problemResponses } from '../problem.js';
import type { Intake } from './intake.js';
import { readBatch } from './read-batch.js';

/** The answer to reports of which at least one is on disk now. */
export const verdictSchema = Type.Object(
  {
    accepted: Type.Integer({ minimum: 1, description: 'Reports that are on disk' }),
    rejected: Type.Array(
      Type.Object(
        {
          index: Type.Integer({ minimum: 0 }),
          code: Type.String({ description: 'One of the codes of problems' }),
          path: Type.String({ description: 'JSON pointer within the report' }),
          retry: Type.Boolean({ description: 'Whether sending it again can succeed' }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** `POST /v1/reports`: one report, or a batch. */
export function registerReportsRoute(app: App, intake: Intake): void {
  app.post(
    '/v1/reports',
    { schema: { body: Type.Object({}), response: { 202: verdictSchema, ...problemResponses } } },
    async (request, reply) => {
      const { reports, sentAt } = readBatch(request.body);
      const { entries, rejected, firstRejection } = await intake.take(reports, sentAt);
      if (entries.length === 0 && firstRejection !== undefined) {
        const { code, path, detail } = firstRejection;
        const place = 'reports' in request.body ? `/reports/${rejected[0]?.index ?? 0}` : '';
        throw new ProblemError(code, detail, { path: `${place}${path}`, rejected });
      }
      return reply.code(202).send({ accepted: entries.length, rejected: [...rejected] });
    },
  );
}
