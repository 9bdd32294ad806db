import { type Static, Type } from 'typebox';
import { aggregate, type PerformanceSpan } from '../performance/aggregate.js';
import type { PerformanceFile, SampleTable } from '../performance/performance-file.js';
import { HOUR_MINUTES } from '../performance/sample.js';
import { isDamaged } from '../sqlite/failure.js';
import { columnsOf, type Format, writeAnswer, type Written } from './answer.js';

const moment = Type.String({ format: 'date-time' });
const count = (description: string) => Type.Integer({ minimum: 0, description });
const known = (description: string) =>
  Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description });

const rowSchema = Type.Object(
  {
    start: moment,
    end: moment,
    covered_seconds: Type.Number({
      minimum: 0,
      description: 'How much of the interval was sampled: 0 while no collector ran',
    }),
    requests: count('All but /livez, /readyz, /health, /metrics and streams'),
    requests_per_second: known('Of the time that is covered; null if none is'),
    reports: count('Reports that were acknowledged'),
    reports_per_second: known('Like requests_per_second'),
    errors: count('Requests that were answered with 5xx'),
    error_ratio: known('The share of errors in requests; null without requests'),
    latency_p50_ms: known('Half of the requests took no longer; at most 15 % too large'),
    latency_p99_ms: known(
      '99 % of all requests of the interval took no longer, by their histogram: no mean of ' +
        'percentiles; at most 15 % too large, and never too small',
    ),
    latency_max_ms: known('The longest request'),
    cpu_percent: known('Of one processor, by the process'),
    cpu_max_percent: known('The same in the busiest minute'),
    memory_max_bytes: known('The most memory that the process took at the end of a minute'),
  },
  { additionalProperties: false },
);

/** The answer to `GET /v1/performance`. */
export const performanceSchema = Type.Object(
  {
    interval: Type.String(),
    timezone: Type.Literal('UTC'),
    as_of: moment,
    rows: Type.Array(rowSchema),
  },
  { additionalProperties: false },
);

const tableFor = ({ interval }: PerformanceSpan): SampleTable =>
  interval % HOUR_MINUTES === 0 ? 'hours' : 'minutes';

/** What is asked of the performance. */
export interface PerformanceQuestion extends PerformanceSpan {
  /** The interval as it was asked for. */
  readonly name: string;
  readonly asOf: Date;
  readonly format: Format;
}

/** The answer, or where the damaged file was put aside that should have had it. */
export type PerformanceResult = { readonly written: Written } | { readonly setAside: string };

/** Answers in the thread that has the file. */
export function answerPerformance(
  file: Pick<PerformanceFile, 'read' | 'setAside'>,
  { name, asOf, format, ...span }: PerformanceQuestion,
): PerformanceResult {
  try {
    const answer: Static<typeof performanceSchema> = {
      interval: name,
      timezone: 'UTC',
      as_of: asOf.toISOString(),
      rows: aggregate(file.read(span.from, span.to, tableFor(span)), span),
    };
    const columns = columnsOf(performanceSchema);
    return { written: writeAnswer(answer, format, ({ rows }) => rows, columns) };
  } catch (error) {
    if (!isDamaged(error)) throw error;
    return { setAside: file.setAside() };
  }
}
