import { createFileTail } from '../log-reading/file-tail.js';
import { createLineAssembler } from '../log-reading/line-assembler.js';
import type { LogLine } from '../log-reading/log-line.js';
import { createLogReport } from '../log-reading/log-report.js';
import { readForwards } from '../log-reading/own-lines.js';
import { isMeant } from '../log-reading/read-log-page.js';
import { LOG_CLASSES } from '../logs/log-names.js';
import type { LogsArguments } from './logs-arguments.js';
import { reportText } from './logs-report-text.js';
import { linesOf } from './print-file-lines.js';
import { readSince } from './read-since.js';

export interface ReportOptions {
  readonly write: (text: string) => Promise<boolean>;
  /** Shows how far the work is, in a line that the next one replaces. */
  readonly tell: (line: string) => void;
  readonly now: () => Date;
}

/** The span of a report of the collector's own log. */
const OWN_SINCE = '24h';

/** So many lines are read between two tellings of how far it is. */
const TELL_EVERY_LINES = 20_000;

/** Prints what the lines of a log say together. */
export async function reportLogs(
  { file, folder, filter, json }: LogsArguments,
  { write, tell, now }: ReportOptions,
): Promise<void> {
  const since = filter.from ?? (file === undefined ? readSince(OWN_SINCE, now()) : undefined);
  const reporter = createLogReport(since, now());
  let read = 0;
  const lines = file === undefined ? readForwards(folder, LOG_CLASSES) : linesOfFile(file);
  for await (const line of lines) {
    // Earlier lines are wanted too: they tell which errors are new.
    if (isMeant(line, { ...filter, from: undefined })) reporter.add(line);
    if (++read % TELL_EVERY_LINES === 0) tell(`${read} lines are read …`);
  }
  if (read >= TELL_EVERY_LINES) tell('');
  const result = reporter.result();
  await write(json ? `${JSON.stringify(result)}\n` : reportText(result));
}

async function* linesOfFile(path: string): AsyncGenerator<LogLine> {
  const tail = createFileTail(path);
  try {
    yield* linesOf(tail, createLineAssembler(), true);
  } finally {
    await tail.close();
  }
}
