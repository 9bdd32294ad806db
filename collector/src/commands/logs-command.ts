import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError } from '../config.js';
import { OPTIONS } from '../config-options.js';
import { dataFolder } from '../data-folder.js';
import { errorMessage } from '../error-message.js';
import { createFileTail, type FileTail } from '../log-reading/file-tail.js';
import { createLineAssembler } from '../log-reading/line-assembler.js';
import { LINE_LEVELS, type LineLevel, type LogLine } from '../log-reading/log-line.js';
import { createLogReport } from '../log-reading/log-report.js';
import { followOwn, readForwards } from '../log-reading/own-lines.js';
import { isMeant, type LineFilter, readLogPage } from '../log-reading/read-log-page.js';
import { writeAsJson, writeForPeople } from '../log-reading/write-line.js';
import { LOG_CLASSES } from '../logs/log-names.js';
import { toPrintable } from '../to-printable.js';
import { reportText } from './logs-report-text.js';
import { readSince } from './read-since.js';

export interface LogsOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Writes to stdout, as fast as its reader takes it. `false` once there is no reader. */
  readonly write: (text: string) => Promise<boolean>;
  /** Prints a line for people that is no part of the result. */
  readonly warn: (line: string) => void;
  readonly isTerminal: boolean;
  readonly now: () => Date;
  readonly wait: (ms: number) => Promise<unknown>;
}

const DEFAULT_LINES = 200;

/** How often files are looked at, in milliseconds. */
const POLL_EVERY_MS = 250;

/** Bytes at the end of a file in which its last lines are looked for. */
const LAST_BYTES = 4 * 1024 ** 2;

/** The span of a report of the collector's own log. */
const REPORT_SINCE = '24h';

const CLASSES = ['access', 'error'] as const;

/**
 * Prints the log of a data folder, or files of other programs, and what they say together.
 *
 * @param argv - The arguments after the command.
 * @throws {@link ConfigError}
 */
export async function showLogs(argv: readonly string[], options: LogsOptions): Promise<void> {
  const given = readArguments(argv, options);
  if (given.isReport) return report(given, options);
  const { json, filter } = given;
  const hasColours = !options.env['NO_COLOR'];
  let untimed = 0;
  const print = async (line: LogLine): Promise<boolean> => {
    if (filter.from !== undefined && line.time === null) untimed++;
    if (!isMeant(line, filter)) return true;
    return options.write(json ? writeAsJson(line) : writeForPeople(line, hasColours));
  };
  await (given.file === undefined ? ownLines : fileLines)(given, { ...options, print });
  if (untimed > 0) options.warn(`${untimed} lines say no time and are left out by --since.`);
}

interface Given {
  readonly isReport: boolean;
  readonly file: string | undefined;
  readonly folder: string;
  readonly follow: boolean;
  readonly json: boolean;
  readonly lines: number | undefined;
  readonly filter: LineFilter;
}

interface Printing extends LogsOptions {
  /** `false` once nobody reads. */
  readonly print: (line: LogLine) => Promise<boolean>;
}

async function ownLines(given: Given, { print, wait }: Printing): Promise<void> {
  const { folder, filter, follow, lines } = given;
  const tail = follow ? await followOwn(folder, CLASSES) : undefined;
  try {
    if (filter.from !== undefined && lines === undefined) {
      for await (const line of readForwards(folder, CLASSES)) if (!(await print(line))) return;
    } else {
      const last: LogLine[] = [];
      const count = lines ?? DEFAULT_LINES;
      const onLine = (line: LogLine): boolean => last.push(line) < count;
      await readLogPage({ folder, ...filter, classes: CLASSES, maxBytes: Infinity, onLine });
      for (const line of last.reverse()) if (!(await print(line))) return;
    }
    for (; tail !== undefined; await wait(POLL_EVERY_MS)) {
      for (const line of await tail.poll()) if (!(await print(line))) return;
    }
  } finally {
    await tail?.close();
  }
}

async function fileLines(given: Given, { print, wait, warn }: Printing): Promise<void> {
  const { file = '', filter, follow, lines } = given;
  const isLast = lines !== undefined || filter.from === undefined;
  const tail = createFileTail(file, isLast ? { begin: (size) => size - LAST_BYTES } : {});
  const assembler = createLineAssembler();
  try {
    const last: LogLine[] = [];
    const count = lines ?? DEFAULT_LINES;
    for await (const line of assembled(tail, assembler, true)) {
      if (!isLast) {
        if (!(await print(line))) return;
      } else if (isMeant(line, filter) && last.push(line) > count) last.shift();
    }
    for (const line of last) if (!(await print(line))) return;
    if (!follow) return;
    if (!tail.isThere) warn(`${toPrintable(file)} is not there yet: it is waited for.`);
    for (let isQuiet = false; ; await wait(POLL_EVERY_MS)) {
      let hasNew = false;
      for await (const line of assembled(tail, assembler, isQuiet)) {
        hasNew = true;
        if (!(await print(line))) return;
      }
      // A line can go on, as a traceback does: it is complete once nothing follows for a moment.
      isQuiet = !hasNew;
    }
  } finally {
    await tail.close();
  }
}

async function* assembled(
  tail: FileTail,
  assembler: ReturnType<typeof createLineAssembler>,
  isComplete: boolean,
): AsyncGenerator<LogLine> {
  let isNew = false;
  for await (const text of tail.poll()) {
    isNew = true;
    yield* assembler.push(text);
  }
  if (isComplete && !isNew) yield* assembler.end();
}

async function report(given: Given, { write, now }: LogsOptions): Promise<void> {
  const { file, folder, filter, json } = given;
  const since = filter.from ?? (file === undefined ? readSince(REPORT_SINCE, now()) : undefined);
  const reporter = createLogReport(since);
  const add = (line: LogLine): void => {
    // Earlier lines are wanted too: they tell which errors are new.
    if (isMeant(line, { ...filter, from: undefined })) reporter.add(line);
  };
  if (file === undefined) {
    for await (const line of readForwards(folder, LOG_CLASSES)) add(line);
  } else {
    const assembler = createLineAssembler();
    const tail = createFileTail(file);
    try {
      for await (const line of assembled(tail, assembler, false)) add(line);
      for (const line of assembler.end()) add(line);
    } finally {
      await tail.close();
    }
  }
  const result = reporter.result();
  await write(json ? `${JSON.stringify(result)}\n` : reportText(result));
}

function readArguments(argv: readonly string[], options: LogsOptions): Given {
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
