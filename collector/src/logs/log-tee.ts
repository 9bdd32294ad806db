import type { DestinationStream } from 'pino';
import { isRecord } from '../is-record.js';
import { createErrorRate, type ErrorRate } from './error-rate.js';
import { createLineCounts, type LineCounts } from './line-counts.js';
import type { DroppedLines } from './line-queue.js';
import { type LogClass, PERFORMANCE } from './log-names.js';
import type { LogFiles } from './log-files.js';

/** A line of the log on its way. */
export interface LoggedLine {
  /** As pino numbers levels. */
  readonly level: number;
  /** JSON, with a line break at its end. */
  readonly text: string;
}

/** Where the log goes: to stdout, to files, and to those who listen. */
export interface LogTee extends DestinationStream {
  /** Also writes to files, beginning with the lines since the start. */
  attach(files: LogFiles): void;
  /** The files, if any are attached. */
  readonly files: LogFiles | undefined;
  /** The lines that could not be written of late, to stdout or files; `undefined` if none. */
  readonly dropped: DroppedLines | undefined;
  /** Lines so far, by level. */
  readonly rate: ErrorRate;
  /** Lines so far, by level and source. */
  readonly counts: LineCounts;
  /** Calls a listener with each further line. The returned function ends that. */
  listen(listener: (line: LoggedLine) => void): () => void;
}

/** stdout, or what a test has in its place. */
export interface FirstDestination extends DestinationStream {
  readonly dropped?: DroppedLines | undefined;
}

/** Lines that are kept for files that are not attached yet, at most. */
const MAX_EARLY_LINES = 200;

const WARN = 40;

/** What pino tells of a line before it writes it. */
interface Metadata {
  lastLevel: number;
  lastMsg: string;
  /** The members of the line; `null` if it has a message alone. */
  lastObj: unknown;
}

/** Creates the tee. Without files, it is stdout. */
export function openLogTee(
  first: FirstDestination,
  monotonicMs: () => number = () => performance.now(),
): LogTee {
  const rate = createErrorRate(monotonicMs);
  const counts = createLineCounts();
  let early: { readonly logClass: LogClass; readonly text: string }[] | undefined = [];
  let files: LogFiles | undefined;
  const listeners = new Set<(line: LoggedLine) => void>();
  const tee: LogTee & Metadata = {
    lastLevel: 0,
    lastMsg: '',
    lastObj: null,
    write: (text) => {
      const { lastLevel: level, lastMsg: message, lastObj: members } = tee;
      const logClass = classOf(level, message);
      rate.add(level, failuresIn(members));
      counts.add(level, text);
      // These are for files: a line for each route and minute would drown the others.
      if (logClass !== 'performance') first.write(text);
      if (files !== undefined) files.write(logClass, text);
      else if (early !== undefined && early.length < MAX_EARLY_LINES)
        early.push({ logClass, text });
      for (const listener of listeners) listener({ level, text });
    },
    attach: (attached) => {
      files = attached;
      for (const { logClass, text } of early ?? []) files.write(logClass, text);
      early = undefined;
    },
    rate,
    counts,
    get files() {
      return files;
    },
    get dropped() {
      return first.dropped ?? files?.dropped;
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  // Then pino tells level, message and members: nothing must be read from the text.
  return Object.assign(tee, { [Symbol.for('pino.metadata')]: true });
}

/** A line about failures that repeat has their number, from `createFailureLog`. */
const failuresIn = (members: unknown): number =>
  isRecord(members) && typeof members['times'] === 'number' ? members['times'] : 1;

function classOf(level: number, message: string): LogClass {
  if (level >= WARN) return 'error';
  return message === PERFORMANCE ? 'performance' : 'access';
}
