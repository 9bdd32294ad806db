import { listLogFiles, type LogClass, type LogFileName } from '../logs/log-names.js';
import { DAY_MS } from '../rules/day.js';
import {
  type BackwardLines,
  type LineAt,
  readBackwards,
  type ReadBudget,
} from './backward-lines.js';
import type { LogCursor } from './log-cursor.js';
import { isAtLeast, type LineLevel, type LogLine } from './log-line.js';
import { parseJsonLine } from './parse-json-line.js';

/** Which lines are meant. */
export interface LineFilter {
  /** The least level. */
  readonly level?: LineLevel | undefined;
  readonly source?: string | undefined;
  /** Milliseconds since 1970; lines of this moment are meant too. */
  readonly from?: number | undefined;
  /** Milliseconds since 1970; lines of this moment are not. */
  readonly to?: number | undefined;
  /** A text in the message or the details, in capitals or not. */
  readonly text?: string | undefined;
}

export interface PageOptions extends LineFilter {
  readonly folder: string;
  readonly classes: readonly LogClass[];
  readonly cursor?: LogCursor | undefined;
  /** Bytes that may be read. */
  readonly maxBytes: number;
  /** Called with each line, the newest first. `false` ends the reading before the next. */
  readonly onLine: (line: LogLine) => boolean;
}

/** How reading has ended. */
export interface PageEnd {
  /** Where the next page begins; `null` if there is nothing more. */
  readonly next: LogCursor | null;
  /** Whether it ended because so many bytes were read. */
  readonly isTruncated: boolean;
  /** The moment of the last line that was looked at, meant or not. */
  readonly reached: string | undefined;
}

interface Head extends LineAt {
  readonly line: LogLine;
}

interface Source {
  readonly logClass: LogClass;
  readonly lines: BackwardLines;
  head: Head | undefined;
  isOver: boolean;
}

/** Reads lines of several classes, the newest first, as far as the bound on bytes allows. */
export async function readLogPage(options: PageOptions): Promise<PageEnd> {
  const { folder, classes, cursor, onLine } = options;
  const budget: ReadBudget = { bytes: options.maxBytes };
  const all = await listLogFiles(folder);
  const sources = classes
    .filter((logClass) => cursor?.get(logClass) !== null)
    .map((logClass): Source => {
      const files = all.filter((file) => file.logClass === logClass && mayHave(file, options));
      const from = cursor?.get(logClass) ?? undefined;
      const lines = readBackwards({ folder, files, from, budget });
      return { logClass, lines, head: undefined, isOver: false };
    });
  let reached: string | undefined;
  try {
    for (let goesOn = true; goesOn;) {
      for (const source of sources) await fill(source, options);
      // Without the head of a class, nobody knows which line is the next.
      const isStuck = sources.some(({ head, isOver }) => head === undefined && !isOver);
      const newest = isStuck ? undefined : newestOf(sources);
      if (newest?.head === undefined) break;
      const { line } = newest.head;
      reached = line.time ?? reached;
      if (isMeant(line, options)) goesOn = onLine(line);
      newest.head = undefined;
    }
    const left = new Map(
      classes.map((logClass) => {
        const source = sources.find((one) => one.logClass === logClass);
        return [logClass, source === undefined ? null : positionOf(source)] as const;
      }),
    );
    const isDone = [...left.values()].every((position) => position === null);
    return { next: isDone ? null : left, isTruncated: !isDone && budget.bytes <= 0, reached };
  } finally {
    for (const { lines } of sources) await lines.close();
  }
}

const positionOf = ({ head, isOver, lines }: Source) =>
  isOver ? null : (head?.end ?? lines.position ?? null);

/** Days that a file's name may be off: its day is of another zone, and a clock can be set. */
const SLACK_DAYS = 2;

function mayHave({ day }: LogFileName, { from = -Infinity, to = Infinity }: LineFilter): boolean {
  return (day + 1 + SLACK_DAYS) * DAY_MS >= from && (day - SLACK_DAYS) * DAY_MS < to;
}

/**
 * A clock that is put back by so much, in milliseconds, hides no lines: those before can be of a later
 * moment.
 */
const MAX_CLOCK_BACK_MS = 60_000;

/** Finds the next line of a class that can be read, if there is none. */
async function fill(source: Source, { from = -Infinity }: LineFilter): Promise<void> {
  while (source.head === undefined && !source.isOver) {
    const next = await source.lines.previous();
    if (next === undefined) {
      source.isOver = source.lines.position === undefined;
      return;
    }
    const line = parseJsonLine(next.text);
    // What a crash has torn is no line.
    if (line?.time == null) continue;
    const at = Date.parse(line.time);
    if (at < from - MAX_CLOCK_BACK_MS) source.isOver = true;
    else if (at >= from) source.head = { ...next, line };
  }
}

function newestOf(sources: readonly Source[]): Source | undefined {
  return sources.reduce<Source | undefined>((newest, source) => {
    if (source.head === undefined) return newest;
    const isNewer = (source.head.line.time ?? '') > (newest?.head?.line.time ?? '');
    return newest === undefined || isNewer ? source : newest;
  }, undefined);
}

/** Whether a filter means a line. A line without a moment is in no span of time. */
export function isMeant(line: LogLine, { level, source, from, to, text }: LineFilter): boolean {
  if (level !== undefined && !isAtLeast(line.level, level)) return false;
  if (source !== undefined && line.source !== source) return false;
  const at = line.time === null ? Number.NaN : Date.parse(line.time);
  if (from !== undefined && !(at >= from)) return false;
  if (to !== undefined && !(at < to)) return false;
  if (text === undefined) return true;
  const all = `${line.message} ${JSON.stringify(line.details)}`;
  return all.toLowerCase().includes(text.toLowerCase());
}
