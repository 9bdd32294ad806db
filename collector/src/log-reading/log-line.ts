/** The levels of lines, from the least. */
export const LINE_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** One of {@link LINE_LEVELS}. */
export type LineLevel = (typeof LINE_LEVELS)[number];

/** A line of a log, whatever program has written it. */
export interface LogLine {
  /** ISO 8601, in UTC; `null` if the line does not say it. */
  readonly time: string | null;
  readonly level: LineLevel;
  /** The part of the program that speaks; empty if the line does not say it. */
  readonly source: string;
  /** The function, and the line of its file; empty and 0 if the log does not say it. */
  readonly function: string;
  readonly line: number;
  readonly message: string;
  /** What else the line has. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Whether a level is the least one or above it. */
export const isAtLeast = (level: LineLevel, least: LineLevel): boolean =>
  LINE_LEVELS.indexOf(level) >= LINE_LEVELS.indexOf(least);

const NAMES: Readonly<Record<string, LineLevel>> = {
  trace: 'trace',
  debug: 'debug',
  info: 'info',
  success: 'info',
  notice: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  fatal: 'fatal',
  critical: 'fatal',
  panic: 'fatal',
};

/** Reads a level as programs write it: by name or by pino's number; `undefined` for others. */
export function readLevel(level: unknown): LineLevel | undefined {
  if (typeof level === 'string') {
    const name = level.trim().toLowerCase();
    if (/^\d{1,3}$/.test(name)) return readLevel(Number(name));
    return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  }
  if (typeof level !== 'number' || !Number.isFinite(level)) return undefined;
  return LINE_LEVELS[Math.min(Math.max(Math.floor(level / 10), 1), LINE_LEVELS.length) - 1];
}
