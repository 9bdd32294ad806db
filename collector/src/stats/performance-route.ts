import type { Logger } from 'pino';
import { type Static, Type } from 'typebox';
import type { Guards, KeyOf } from '../access/guards.js';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { HOUR_MINUTES, MINUTE_MS } from '../performance/sample.js';
import { DAY_MS } from '../rules/day.js';
import { formatOf, formatParameter } from './answer.js';
import { DOCUMENTED_ROWS } from './define-question.js';
import { checkRows, refuseParameter } from './parameters.js';
import { performanceSchema } from './performance-answer.js';
import type { QuestionDesk } from './question-desk.js';

export interface PerformanceRouteParts {
  readonly desk: Pick<QuestionDesk, 'performance'>;
  readonly now: () => Date;
  readonly guards: Guards;
  /** The key that the questions of a client are counted under. */
  readonly clientOf: KeyOf;
  readonly logger: Pick<Logger, 'warn'>;
}

/** The intervals, in minutes. */
const INTERVALS = { '1m': 1, '5m': 5, '15m': 15, '1h': 60, '6h': 360, '1d': 1440 } as const;

type Interval = keyof typeof INTERVALS;

const DEFAULT_INTERVAL: Interval = '1h';

/** The longest span of a question, in days: more is never kept. */
const MAX_DAYS = 400;

const MINUTES_OF_DAY = 1440;

/** Minutes that are read one by one at most: two weeks. */
const MAX_MINUTES = 14 * MINUTES_OF_DAY;

const moment = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?Z)?$',
      description,
    }),
  );

const querySchema = Type.Object(
  {
    from: moment(
      'A day or a moment by UTC, as 2026-11-23 or 2026-11-23T20:00:00Z; a day before to without it',
    ),
    to: moment('Like from: a day itself included, a moment not; now without it'),
    interval: Type.Optional(
      Type.Enum(Object.keys(INTERVALS), {
        description: `How long a row is; they begin at multiples of it by UTC. ${DEFAULT_INTERVAL} without it`,
      }),
    ),
    format: formatParameter,
  },
  { additionalProperties: false },
);

/** `GET /v1/performance`: how fast and how busy the collector was, over up to 90 days. */
export function registerPerformanceRoute(app: App, parts: PerformanceRouteParts): void {
  const { desk, now, guards, clientOf, logger } = parts;
  app.get(
    '/v1/performance',
    {
      schema: {
        summary: 'How fast and how busy the collector was',
        description:
          'Latency, throughput, errors, CPU and memory, sampled once a minute and kept for ' +
          '--keep-performance. An answer has whole intervals, at most 10 000, and at most 14 days by ' +
          'less than an hour.',
        tags: ['server'],
        querystring: querySchema,
        response: { 200: performanceSchema },
      },
      config: {
        ...DOCUMENTED_ROWS,
        level: 'developer',
        headers: {
          'cache-control': 'no-store',
          vary: 'Accept chooses the format',
          'headcount-as-of': 'The same as as_of, for formats that have rows alone',
          'headcount-timezone': 'The same as timezone, for formats that have rows alone',
        },
      },
      onRequest: guards,
      // The thread has serialized the answer.
      serializerCompiler: () => String,
    },
    async (request, reply) => {
      const asOf = now();
      const span = readSpan(request.query, asOf.getTime());
      const asked = { ...span, asOf, format: formatOf(request) };
      const result = await desk.performance.ask(asked, clientOf(request));
      if ('setAside' in result) {
        logger.warn(
          { file: result.setAside },
          'performance.db was damaged: it is set aside, and begins anew',
        );
        throw new ProblemError(
          'failing',
          'performance.db was damaged. It is set aside and begins anew: ask again later.',
        );
      }
      const { body, headers } = result.written;
      await reply
        .headers({ ...headers, 'cache-control': 'no-store', vary: 'accept' })
        .send(body as never); // the body is written; Fastify's type is that of the schema
    },
  );
}

function readSpan(query: Static<typeof querySchema>, nowMs: number) {
  // The schema has checked it.
  const name = (query.interval ?? DEFAULT_INTERVAL) as Interval;
  const interval = INTERVALS[name];
  const toMs = query.to === undefined ? nowMs : readMoment('to', query.to, DAY_MS);
  const fromMs = query.from === undefined ? toMs - DAY_MS : readMoment('from', query.from, 0);
  if (fromMs >= toMs) refuseParameter('from', 'It must be before to.');
  if (toMs - fromMs > MAX_DAYS * DAY_MS) {
    refuseParameter('from', `At most ${MAX_DAYS} days can be asked for at once.`);
  }
  // Whole rows, as other questions have whole buckets.
  const from = Math.floor(fromMs / MINUTE_MS / interval) * interval;
  const to = Math.ceil(toMs / MINUTE_MS / interval) * interval;
  checkRows((to - from) / interval, 'interval');
  if (interval < HOUR_MINUTES && to - from > MAX_MINUTES) {
    const detail = `At most ${MAX_MINUTES / MINUTES_OF_DAY} days can be asked for by less than an hour.`;
    refuseParameter('interval', detail, ['1h', '6h', '1d']);
  }
  return { name, interval, from, to };
}

/** @param dayMs - What is added to a day without a time. */
function readMoment(parameter: string, text: string, dayMs: number): number {
  const ms = Date.parse(text);
  // 30 February would be a day of March.
  const isReal = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text.slice(0, 10));
  if (!isReal || ms < 0) refuseParameter(parameter, 'There is no such moment.');
  return text.includes('T') ? ms : ms + dayMs;
}
