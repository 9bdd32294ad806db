import { Type } from 'typebox';
import { bearerToken } from '../access/bearer-token.js';
import type { App } from '../app-types.js';
import { REPORT_PROBLEMS, REPORTS } from './documented-bodies.js';
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
  { additionalProperties: false, description: 'At least one report is on disk' },
);

/** `POST /v1/reports`: one report, or a batch. */
export function registerReportsRoute(app: App, intake: Intake, hooks: IntakeHooks): void {
  app.post(
    '/v1/reports',
    {
      schema: {
        summary: 'Take one report or a batch',
        description:
          'Answered once every report that is accepted is on disk. Those of a batch that cannot be ' +
          'read are rejected one by one; where none can, the request is. A report with a ' +
          'report_id counts once, however often it is sent.',
        tags: ['reports'],
        security: [{}, { writeKey: [] }],
        body: Type.Object({}),
        response: { 202: verdictSchema },
      },
      config: { body: REPORTS, problems: REPORT_PROBLEMS },
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
