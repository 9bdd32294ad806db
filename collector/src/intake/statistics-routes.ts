import { Type } from 'typebox';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { problemResponses } from '../problem.js';
import type { Intake } from './intake.js';

/** The answer that clients of the first generation expect. */
export const statisticsAnswerSchema = Type.Object(
  { status: Type.Literal('success'), message: Type.String() },
  { additionalProperties: false },
);

const schema = {
  body: Type.Object({}),
  response: { 200: statisticsAnswerSchema, ...problemResponses },
};

/** `POST /statistics` and `POST /?action=statistics`: one report, as the first generation sends it. */
export function registerStatisticsRoutes(app: App, intake: Intake): void {
  const takeOne = async (report: unknown) => {
    const { firstRejection } = await intake.take([report]);
    if (firstRejection !== undefined) {
      const { code, path, detail } = firstRejection;
      throw new ProblemError(code, detail, { path });
    }
    return { status: 'success' as const, message: 'The report is counted.' };
  };

  app.post('/statistics', { schema }, async ({ body }) => takeOne(body));
  app.post(
    '/',
    { schema: { ...schema, querystring: Type.Object({ action: Type.Literal('statistics') }) } },
    async ({ body }) => takeOne(body),
  );
}
