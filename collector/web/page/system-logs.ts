/** The lines of the log that a page shows. */
export interface SystemLogs {
  readonly filter: LogFilter;
  /** The sources that have lines in the window, by name. */
  readonly sources: readonly string[];
  /** The newest first. */
  readonly lines: readonly LogLine[];
  /** For the page of older lines; `null` if there are none. */
  readonly next: string | null;
  /** Whether the page ends early since so much was read. */
  readonly isTruncated: boolean;
  readonly counts: LogCounts | null;
  /** Why there are no lines. */
  readonly problem: 'no-files' | 'busy' | null;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_WINDOWS = ['15m', '1h', '6h', '24h', '7d'] as const;

export type LogWindow = (typeof LOG_WINDOWS)[number];

export interface LogFilter {
  /** The least level. */
  readonly level: LogLevel;
  /** `null`: all. */
  readonly source: string | null;
  readonly window: LogWindow;
  readonly text: string | null;
  /** Of a page of older lines. */
  readonly cursor: string | null;
}

/** A line, as the API has it. */
export interface LogLine {
  /** In ISO 8601. */
  readonly time: string | null;
  readonly level: LogLevel;
  readonly source: string;
  readonly message: string;
  /** What else the line says. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Lines by level and time, whatever text is looked for. */
export interface LogCounts {
  readonly levels: Readonly<Partial<Record<LogLevel, number>>>;
  /** All of the window, the oldest first. */
  readonly bars: readonly LogBar[];
  /** Whether older lines were not counted. */
  readonly isTruncated: boolean;
}

export interface LogBar {
  readonly start: string;
  readonly levels: Readonly<Partial<Record<LogLevel, number>>>;
}
