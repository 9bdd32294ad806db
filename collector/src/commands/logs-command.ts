import { followOwn, readForwards } from '../log-reading/own-lines.js';
import type { LogLine } from '../log-reading/log-line.js';
import { isMeant, readLogPage } from '../log-reading/read-log-page.js';
import { writeAsJson, writeForPeople } from '../log-reading/write-line.js';
import { type LogsArguments, type LogsSurroundings, readLogsArguments } from './logs-arguments.js';
import { DEFAULT_LINES, POLL_EVERY_MS, printFileLines, type Printing } from './print-file-lines.js';
import { reportLogs } from './report-logs.js';

export interface LogsOptions extends LogsSurroundings {
  /** Writes to stdout, as fast as its reader takes it. `false` once there is no reader. */
  readonly write: (text: string) => Promise<boolean>;
  /** Prints a line for people that is no part of the result. */
  readonly warn: (line: string) => void;
  /** Shows how far the work is, in a line that the next one replaces. */
  readonly tell: (line: string) => void;
  readonly wait: (ms: number) => Promise<unknown>;
}

const CLASSES = ['access', 'error'] as const;

/**
 * Prints the log of a data folder, or files of other programs, and what they say together.
 *
 * @param argv - The arguments after the command.
 * @throws `ConfigError`
 */
export async function showLogs(argv: readonly string[], options: LogsOptions): Promise<void> {
  const given = readLogsArguments(argv, options);
  if (given.isReport) return reportLogs(given, options);
  const { json, filter } = given;
  const hasColours = !options.env['NO_COLOR'];
  let untimed = 0;
  const print = async (line: LogLine): Promise<boolean> => {
    if (filter.from !== undefined && line.time === null) untimed++;
    if (!isMeant(line, filter)) return true;
    return options.write(json ? writeAsJson(line) : writeForPeople(line, hasColours));
  };
  const { file } = given;
  const printing = { ...options, print };
  await (file === undefined
    ? printOwnLines(given, printing)
    : printFileLines({ ...given, file }, printing));
  if (untimed > 0) options.warn(`${untimed} lines say no time and are left out by --since.`);
}

async function printOwnLines(
  { folder, filter, follow, lines }: LogsArguments,
  { print, wait }: Pick<Printing, 'print' | 'wait'>,
): Promise<void> {
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
