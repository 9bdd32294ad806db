import { Type } from 'typebox';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { readCursor, writeCursor } from '../log-reading/log-cursor.js';
import type { LogLine } from '../log-reading/log-line.js';
import { DAY_MS } from '../rules/day.js';
import { countLines } from './count-lines.js';
import { classesOf, readFilter, spanMembers } from './log-parameters.js';
import type { LogReader } from './log-reader.js';
import { logCountsSchema, logPageSchema } from './log-schemas.js';

const DEFAULT_LINES = 100;

/** Bytes of files that a request for lines reads at most. */
const MAX_PAGE_BYTES = 4 * 1024 ** 2;

/** Bytes of files that a request for counts reads at most. */
const MAX_COUNT_BYTES = 16 * 1024 ** 2;

/** Windows that an answer has at most. */
const MAX_WINDOWS = 1500;

const INTERVALS = { '1m': 60_000, '10m': 600_000, '1h': 3_600_000, '1d': DAY_MS } as const;

const general = { tags: ['administration'] };

const problems = ['no_log_files', 'busy'] as const;

export interface LogsRoutesParts {
  readonly reader: LogReader;
  readonly now: () => Date;
}

/** `/v1/logs`: what the collector has logged, read from its files. */
export function registerLogsRoutes(app: App, { reader, now }: LogsRoutesParts): void {
  app.get(
    '/v1/logs',
    {
      schema: {
        ...general,
        summary: 'Lines of the log, the newest first',
        description: `Read from the files, at most ${MAX_PAGE_BYTES} bytes of them for a request.`,
        querystring: Type.Object(
          {
            ...spanMembers,
            text: Type.Optional(
              Type.String({
                ...{ minLength: 1, maxLength: 200 },
                description: 'A text in the message or the details, in capitals or not',
              }),
            ),
            cursor: Type.Optional(
              Type.String({
                ...{ minLength: 1, maxLength: 400 },
                description: 'next of the page before',
              }),
            ),
            limit: Type.Optional(
              Type.String({
                pattern: '^([1-9]\\d{0,2}|1000)$',
                description: `Lines, up to 1000; ${DEFAULT_LINES} without it`,
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: logPageSchema },
      },
      config: { level: 'developer', problems: [...problems] },
    },
    async ({ query }) => {
      const { cursor: given, text, limit = DEFAULT_LINES } = query;
      const cursor = given === undefined ? undefined : readCursor(given);
      if (given !== undefined && cursor === undefined) {
        const detail = 'The parameter cursor must be next of an answer before.';
        throw new ProblemError('bad_parameter', detail, { parameter: 'cursor' });
      }
      const logs: LogLine[] = [];
      const { next, isTruncated } = await reader.read({
        ...{ ...readFilter(query), text, cursor },
        classes: classesOf(query.class),
        maxBytes: MAX_PAGE_BYTES,
        onLine: (line) => logs.push(line) < Number(limit),
      });
      return { logs, next: next === null ? null : writeCursor(next), truncated: isTruncated };
    },
  );
  app.get(
    '/v1/logs/counts',
    {
      schema: {
        ...general,
        summary: 'How many lines the log has, by level, source and time',
        description: `Read from the files, the newest first, at most ${MAX_COUNT_BYTES} bytes of them for a request.`,
        querystring: Type.Object(
          {
            ...spanMembers,
            interval: Type.Optional(
              Type.Enum(Object.keys(INTERVALS) as (keyof typeof INTERVALS)[], {
                description: 'How long a window is; 1h without it',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: logCountsSchema },
      },
      config: { level: 'developer', problems: [...problems] },
    },
    async ({ query }) => {
      const windowMs = INTERVALS[query.interval ?? '1h'];
      const filter = readFilter(query);
      const to = filter.to ?? now().getTime() + 1;
      const from = filter.from ?? to - DAY_MS;
      if ((to - from) / windowMs > MAX_WINDOWS) {
        const detail = `An answer has at most ${MAX_WINDOWS} windows: ask for fewer or longer ones.`;
        throw new ProblemError('bad_parameter', detail, { parameter: 'interval' });
      }
      const counts = countLines({ from, to, windowMs });
      const end = await reader.read({
        ...{ ...filter, from, to },
        classes: classesOf(query.class),
        maxBytes: MAX_COUNT_BYTES,
        onLine: (line) => {
          counts.add(line);
          return true;
        },
      });
      return {
        ...counts.result(),
        truncated: end.isTruncated,
        complete_from: end.isTruncated ? (end.reached ?? null) : new Date(from).toISOString(),
      };
    },
  );
  app.delete(
    '/v1/logs',
    {
      schema: {
        ...general,
        summary: 'Remove all files of the log',
        response: {
          200: Type.Object(
            {
              files: Type.Integer({ minimum: 0, description: 'Files that went' }),
              bytes: Type.Integer({ minimum: 0, description: 'How large they were' }),
            },
            { additionalProperties: false, description: 'They are gone; the log begins anew' },
          ),
        },
      },
      config: { level: 'administrator', problems: ['no_log_files'] },
    },
    () => reader.files().clear(),
  );
}
