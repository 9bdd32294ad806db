import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { bearerToken } from '../access/bearer-token.js';
import type { App } from '../app-types.js';
import { ONE_REPORT, REPORT_PROBLEMS } from './documented-bodies.js';
import type { Intake } from './intake.js';
import type { IntakeHooks } from './intake-hooks.js';
import { toProblemError } from './to-problem-error.js';

/** The answer that clients of the first generation expect. */
export const statisticsAnswerSchema = Type.Object(
  { status: Type.Literal('success'), message: Type.String() },
  { additionalProperties: false, description: 'The report is on disk' },
);

const schema = {
  description: 'Answered once the report is on disk.',
  tags: ['reports'],
  security: [{}, { writeKey: [] }],
  body: Type.Object({}),
  response: { 200: statisticsAnswerSchema },
};

const config = { body: ONE_REPORT, problems: REPORT_PROBLEMS };

/** `POST /statistics` and `POST /?action=statistics`: one report, as the first generation sends it. */
export function registerStatisticsRoutes(app: App, intake: Intake, hooks: IntakeHooks): void {
  const takeOne = async ({ body, headers }: FastifyRequest, reply: FastifyReply) => {
    const { chief } = await intake.take([body], { key: bearerToken(headers) });
    if (chief !== undefined) throw toProblemError(chief, { path: chief.path }, reply);
    return { status: 'success' as const, message: 'The report is counted.' };
  };

  app.post(
    '/statistics',
    {
      schema: { ...schema, summary: 'Take one report (first generation)' },
      config,
      ...hooks,
    },
    takeOne,
  );
  app.post(
    '/',
    {
      schema: {
        ...schema,
        summary: 'Take one report with ?action=statistics (first generation)',
        querystring: Type.Object({
          action: Type.Literal('statistics', { description: 'What is to be done' }),
        }),
      },
      config,
      ...hooks,
    },
    takeOne,
  );
}
