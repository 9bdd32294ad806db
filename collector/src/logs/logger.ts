import { isStoreDown } from '../store-down-error.js';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { DroppedLines } from './line-queue.js';
import type { LogSource } from './log-sources.js';

/** How much is logged, from nothing to everything. */
export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Which requests are logged, each in a line of its own. */
export const ACCESS_LOGS = ['off', 'sampled', 'all'] as const;

/** One of {@link ACCESS_LOGS}. */
export type AccessLog = (typeof ACCESS_LOGS)[number];

/**
 * Creates the log, in JSON lines. Messages of errors are left out, since they can quote what a
 * client sent.
 */
export function createLogger(
  level: LogLevel,
  destination: DestinationStream,
  now: () => Date = () => new Date(),
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${now().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: {
        err: describeError,
      },
    },
    destination,
  );
}

/** The line of the log that tells how many before it could not be written. */
export function tellDroppedLines(
  { lines, since, code }: DroppedLines,
  now: Date = new Date(),
): string {
  const line = {
    level: 'warn',
    time: now.toISOString(),
    source: 'log' satisfies LogSource,
    dropped_lines: lines,
    dropped_since: since.toISOString(),
    code,
    msg: 'earlier lines of the log could not be written',
  };
  return `${JSON.stringify(line)}\n`;
}

/**
 * The loggable part of an error. Only messages of stores are kept, since other messages can quote
 * what a client sent. The stack comes without messages.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    ...(code?.startsWith('SQLITE_') === true || isStoreDown(error)
      ? { message: error.message }
      : {}),
    at: frames.map((line) => line.trim().slice('at '.length)),
  };
}
