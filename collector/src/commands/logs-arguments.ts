import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError } from '../config.js';
import { OPTIONS } from '../config-options.js';
import { dataFolder } from '../data-folder.js';
import { errorMessage } from '../error-message.js';
import { LINE_LEVELS, type LineLevel } from '../log-reading/log-line.js';
import type { LineFilter } from '../log-reading/read-log-page.js';
import { toPrintable } from '../to-printable.js';
import { readSince } from './read-since.js';

/** What `logs` is asked for. */
export interface LogsArguments {
  readonly isReport: boolean;
  /** The log of another program. */
  readonly file: string | undefined;
  /** The folder of the collector's own files; empty with a file. */
  readonly folder: string;
  readonly follow: boolean;
  readonly json: boolean;
  readonly lines: number | undefined;
  readonly filter: LineFilter;
}

export interface LogsSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly isTerminal: boolean;
  readonly now: () => Date;
}

/**
 * Reads the arguments after `logs`.
 *
 * @throws `ConfigError`
 */
export function readLogsArguments(
  argv: readonly string[],
  options: LogsSurroundings,
): LogsArguments {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  let values, positionals;
  try {
    ({ values, positionals } = parseArgs({
      args: [...argv],
      options: {
        ...{ follow: { ...flag, short: 'f' }, json: flag },
        ...{ level: text, source: text, since: text, text, file: text, data: text, lines: text },
      },
      allowPositionals: true,
      strict: true,
    }));
  } catch (error) {
    throw new ConfigError(errorMessage(error), { cause: error });
  }
  const [action, ...more] = positionals;
  if ((action !== undefined && action !== 'report') || more.length > 0) {
    throw new ConfigError(
      `logs takes no argument but report; given: "${toPrintable(positionals.join(' '))}".`,
    );
  }
  const isReport = action === 'report';
  const { file, follow = false, json = !options.isTerminal } = values;
  if (isReport && (follow || values.lines !== undefined)) {
    throw new ConfigError('logs report reads what is there: leave --follow and --lines out.');
  }
  if (file !== undefined && !follow && !existsSync(file)) {
    throw new ConfigError(`There is no file ${toPrintable(file)}. With --follow it is waited for.`);
  }
  const filter = {
    level: values.level === undefined ? undefined : readLevelOption(values.level),
    source: values.source,
    text: values.text,
    from: readSince(values.since, options.now()),
  };
  return {
    ...{ isReport, file, follow, filter },
    json: isReport ? (values.json ?? false) : json,
    lines: values.lines === undefined ? undefined : readLines(values.lines),
    folder: file === undefined ? existingFolder(values.data, options.env) : '',
  };
}

function existingFolder(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const { path, logs } = dataFolder(given ?? (env[OPTIONS.data.variable] || OPTIONS.data.fallback));
  if (existsSync(path)) return logs;
  throw new ConfigError(
    `There is no data folder at ${path}. Choose it with --data, or another program’s log with --file.`,
  );
}

function readLines(given: string): number {
  if (/^[1-9]\d{0,5}$/.test(given)) return Number(given);
  throw new ConfigError(
    `--lines must be a whole number from 1 to 999999; given: "${toPrintable(given)}".`,
  );
}

function readLevelOption(given: string): LineLevel {
  const level = LINE_LEVELS.find((one) => one === given);
  if (level !== undefined) return level;
  throw new ConfigError(
    `--level must be one of ${LINE_LEVELS.join(', ')}; given: "${toPrintable(given)}".`,
  );
}
