import { Type } from 'typebox';
import type { App } from '../app-types.js';
import type { LineLevel, LogLine } from '../log-reading/log-line.js';
import { listLogFiles } from '../logs/log-names.js';
import type { LogReader } from './log-reader.js';

/** Lines that the first generation kept. */
const CAPACITY = 2000;

const DEFAULT_LINES = 200;

/** Bytes of files that a request reads at most. */
const MAX_BYTES = 4 * 1024 ** 2;

/** The levels as the first generation wrote them. */
const LEVELS: Readonly<Record<LineLevel, string>> = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

const lineSchema = Type.Object(
  {
    timestamp: Type.String({ format: 'date-time' }),
    level: Type.Enum(Object.values(LEVELS)),
    source: Type.String(),
    function: Type.String(),
    line: Type.Integer({ minimum: 0, description: '0: not known' }),
    message: Type.String(),
  },
  { additionalProperties: false },
);

const counts = Type.Record(Type.String(), Type.Integer({ minimum: 1 }));

const success = Type.Literal(true);

export interface FirstGenerationLogsParts {
  readonly reader: LogReader;
  readonly now: () => Date;
}

/** The log as the first generation's clients ask for it: of the last 2000 lines. */
export function registerFirstGenerationLogs(
  app: App,
  { reader, now }: FirstGenerationLogsParts,
): void {
  // Its list was in memory too. The files stay.
  let clearedAt = 0;
  /** The oldest first. */
  const lastLines = async (): Promise<readonly LogLine[]> => {
    const lines: LogLine[] = [];
    await reader.read({
      from: clearedAt,
      classes: ['access', 'error'],
      maxBytes: MAX_BYTES,
      onLine: (line) => lines.push(line) < CAPACITY,
    });
    return lines.reverse();
  };
  const shared = { tags: ['administration'] };
  const config = { level: 'developer', problems: ['no_log_files', 'busy'] } as const;

  app.get(
    '/logs',
    {
      schema: {
        ...shared,
        summary: 'The last lines of the log, as the first generation wrote them',
        querystring: Type.Object(
          {
            lines: Type.Optional(
              Type.String({
                pattern: '^([1-9]\\d{0,2}|1\\d{3}|2000)$',
                description: `Lines, up to ${CAPACITY}; ${DEFAULT_LINES} without it`,
              }),
            ),
            level: Type.Optional(
              Type.String({
                pattern: '^[A-Za-z]{0,20}$',
                description: `This level alone, one of ${Object.values(LEVELS).join(', ')}`,
              }),
            ),
            source: Type.Optional(
              Type.String({
                maxLength: 100,
                description: 'A part of the source, in capitals or not',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            { success, logs: Type.Array(lineSchema) },
            { additionalProperties: false, description: 'The oldest first' },
          ),
        },
      },
      config: { ...config, problems: [...config.problems] },
    },
    async ({ query: { lines = DEFAULT_LINES, level = '', source = '' } }) => {
      const meant = (await lastLines()).filter(
        (line) =>
          (level === '' || isLevel(line.level, level)) &&
          line.source.toLowerCase().includes(source.toLowerCase()),
      );
      return { success: true as const, logs: meant.slice(-Number(lines)).map(toOldLine) };
    },
  );
  app.get(
    '/logs/stats',
    {
      schema: {
        ...shared,
        summary: 'Counts of the last lines of the log, as the first generation wrote them',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: {
          200: Type.Object(
            {
              success,
              stats: Type.Object(
                {
                  total_logs: Type.Integer({ minimum: 0, maximum: CAPACITY }),
                  level_counts: counts,
                  source_counts: counts,
                  max_capacity: Type.Integer({ description: `${CAPACITY}` }),
                  log_file: Type.Union([Type.String(), Type.Null()], {
                    description: 'The newest file, in the data folder; null: there is none',
                  }),
                },
                { additionalProperties: false },
              ),
            },
            { additionalProperties: false },
          ),
        },
      },
      config: { ...config, problems: [...config.problems] },
    },
    async () => {
      const lines = await lastLines();
      const newest = (await listLogFiles(reader.files().folder)).at(-1);
      return {
        success: true as const,
        stats: {
          total_logs: lines.length,
          level_counts: tally(lines.map(({ level }) => LEVELS[level])),
          source_counts: tally(lines.map(({ source }) => source)),
          max_capacity: CAPACITY,
          log_file: newest === undefined ? null : `logs/${newest.name}`,
        },
      };
    },
  );
  app.post(
    '/logs/clear',
    {
      schema: {
        ...shared,
        summary: 'Show no earlier lines at /logs; the files stay',
        response: {
          200: Type.Object(
            { success, message: Type.String() },
            { additionalProperties: false, description: 'Done, until the collector starts again' },
          ),
        },
      },
      config: { ...config, problems: ['no_log_files'] },
    },
    () => {
      reader.files();
      clearedAt = now().getTime();
      return { success: true as const, message: 'Earlier lines are not shown here any more.' };
    },
  );
}

const toOldLine = ({ time, level, ...line }: LogLine) => ({
  // Lines without a moment are no lines of these files.
  timestamp: time ?? '',
  level: LEVELS[level],
  source: line.source,
  function: line.function,
  line: line.line,
  message: line.message,
});

const isLevel = (level: LineLevel, asked: string): boolean =>
  [LEVELS[level].toLowerCase(), level].includes(asked.toLowerCase());

function tally(names: readonly string[]): Record<string, number> {
  const all = new Map<string, number>();
  for (const name of names) all.set(name, (all.get(name) ?? 0) + 1);
  return Object.fromEntries(all);
}
