import type { FastifyReply, FastifyRequest, onErrorHookHandler } from 'fastify';
import { MAX_BATCH_REPORTS } from 'headcount/wire';
import { Type } from 'typebox';
import type { Guards } from '../access/guards.js';
import type { ReportLimits } from '../access/report-limits.js';
import { bearerToken } from '../access/secret.js';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { ONE_REPORT, REPORT_PROBLEMS, REPORTS } from './documented-bodies.js';
import type { RequestFacts, Taken } from './intake.js';
import { toProblemError } from './refusals.js';

/** The answer to a request with at least one accepted report. */
export const verdictSchema = Type.Object(
  {
    accepted: Type.Integer({ minimum: 1, description: 'Reports that are acknowledged' }),
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
  { additionalProperties: false, description: 'At least one report is acknowledged' },
);

interface TakenRequest extends RequestFacts {
  /** By which relays it came; `undefined` if by none. */
  readonly relayedBy?: readonly string[] | undefined;
}

/** What the routes hand reports to: that of a collector, or of a relay. */
export interface ReportTaker {
  take(reports: readonly unknown[], request?: TakenRequest): Promise<Taken<unknown>>;
}

/** Anybody may report, with the write key where the project has one. */
const INTAKE = { level: 'public', credential: 'writeKey' } as const;

/** `POST /v1/reports`: one report, or a batch. */
export function registerReportsRoute(
  app: App,
  intake: ReportTaker,
  { claimOf, countryOf, relayedByOf, ...hooks }: IntakeHooks,
): void {
  app.post(
    '/v1/reports',
    {
      schema: {
        summary: 'Take one report or a batch',
        description:
          'Answered once every report that is accepted is on disk, or counted in the store where ' +
          '`durability` of GET / is `store`. Those of a batch that cannot be ' +
          'read are rejected one by one; where none can, the request is. A report with a ' +
          'report_id counts once, however often it is sent.',
        tags: ['reports'],
        body: Type.Object({}),
        response: { 202: verdictSchema },
      },
      config: { ...INTAKE, body: REPORTS, problems: REPORT_PROBLEMS },
      ...hooks,
    },
    async (request, reply) => {
      const { reports, sentAt } = readBatch(request.body);
      const key = bearerToken(request.headers);
      const { entries, rejected, chief } = await intake.take(reports, {
        sentAt,
        key,
        claim: claimOf(request),
        country: countryOf(request),
        relayedBy: relayedByOf?.(request),
      });
      if (entries.length === 0 && chief !== undefined) {
        const place =
          'reports' in request.body && request.body.reports !== null
            ? `/reports/${chief.index}`
            : '';
        throw toProblemError(chief, { path: `${place}${chief.path}`, rejected }, reply);
      }
      return reply.code(202).send({ accepted: entries.length, rejected: [...rejected] });
    },
  );
}

/** The answer that clients of the first generation expect. */
export const statisticsAnswerSchema = Type.Object(
  { status: Type.Literal('success'), message: Type.String() },
  { additionalProperties: false, description: 'The report is acknowledged' },
);

const schema = {
  description: 'Answered once the report is acknowledged.',
  tags: ['reports'],
  body: Type.Object({}),
  response: { 200: statisticsAnswerSchema },
};

const config = { ...INTAKE, body: ONE_REPORT, problems: REPORT_PROBLEMS };

/** `POST /statistics` and `POST /?action=statistics`: one report of the first generation. */
export function registerStatisticsRoutes(
  app: App,
  intake: ReportTaker,
  { claimOf, countryOf, relayedByOf, ...hooks }: IntakeHooks,
): void {
  const takeOne = async (request: FastifyRequest, reply: FastifyReply) => {
    const { body, headers } = request;
    const claim = claimOf(request);
    const { chief } = await intake.take([body], {
      ...{ key: bearerToken(headers), claim, country: countryOf(request) },
      relayedBy: relayedByOf?.(request),
    });
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

/** A text that tells no moment. */
const UNREADABLE = '';

/** The reports of a body, not yet checked. */
export interface ReportBatchInput {
  readonly reports: readonly unknown[];
  readonly sentAt?: string;
}

/**
 * Distinguishes one report from a batch.
 *
 * @throws `ProblemError` with the field, if a batch is malformed.
 */
function readBatch(body: object): ReportBatchInput {
  if (!('reports' in body) || body.reports === null) return { reports: [body] };
  const { reports } = body;
  if (!Array.isArray(reports)) {
    throw new ProblemError('wrong_type', 'The field must be array.', { path: '/reports' });
  }
  if (reports.length === 0 || reports.length > MAX_BATCH_REPORTS) {
    throw new ProblemError(
      'out_of_bounds',
      `A batch has 1 to ${MAX_BATCH_REPORTS} reports; this one has ${reports.length}.`,
      { path: '/reports' },
    );
  }
  if (!('sent_at' in body) || body.sent_at === null) return { reports };
  // What is no text is no moment either; a batch is worth more than its moment.
  return { reports, sentAt: typeof body.sent_at === 'string' ? body.sent_at : UNREADABLE };
}

/** The hooks of report routes. */
interface IntakeHooks {
  readonly onRequest: Guards;
  readonly onError: onErrorHookHandler;
  readonly claimOf: ReportLimits['claimOf'];
  /** The country of a client; `undefined` if no table is named. */
  readonly countryOf: (request: FastifyRequest) => string | undefined;
  /** By which relays a request came; only a relay asks. */
  readonly relayedByOf?: (request: FastifyRequest) => readonly string[] | undefined;
}
