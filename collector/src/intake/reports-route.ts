import { Type } from 'typebox';
import { bearerToken } from '../access/bearer-token.js';
import type { App } from '../app-types.js';
import { problemResponses } from '../problem.js';
import type { Intake } from './intake.js';
import type { IntakeHooks } from './intake-hooks.js';
import { readBatch } from './read-batch.js';
import { toProblemError } from './to-problem-error.js';

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
export function registerReportsRoute(app: App, intake: Intake, hooks: IntakeHooks): void {
  app.post(
    '/v1/reports',
    {
      schema: { body: Type.Object({}), response: { 202: verdictSchema, ...problemResponses } },
      ...hooks,
    },
    async (request, reply) => {
      const { reports, sentAt } = readBatch(request.body);
      const key = bearerToken(request.headers);
      const { entries, rejected, chief } = await intake.take(reports, { sentAt, key });
      if (entries.length === 0 && chief !== undefined) {
        const place = 'reports' in request.body ? `/reports/${chief.index}` : '';
        throw toProblemError(chief, { path: `${place}${chief.path}`, rejected }, reply);
      }
      return reply.code(202).send({ accepted: entries.length, rejected: [...rejected] });
    },
  );
}
