import { rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createTurns } from '../create-turns.js';
import { rememberFolder } from '../opened-folder.js';
import type { Zone } from '../rules/day.js';
import { createLineQueue, type DroppedLines, type LineQueue } from './line-queue.js';
import { createLogFile, type LogFile } from './log-file.js';
import { listLogFiles, LOG_CLASSES, type LogClass, logFilePath } from './log-names.js';
import { tellDroppedLines } from './logger.js';

export interface LogFilesOptions {
  /** It is created with the first line, but not the folder around it. */
  readonly folder: string;
  /** The zone of days. */
  readonly zone: Zone;
  /** Bytes of all files together. */
  readonly maxBytes: number;
  readonly now: () => Date;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
}

/** The log in files, one a day and class. A disk that fails drops lines, and nothing else. */
export interface LogFiles {
  readonly folder: string;
  readonly maxBytes: number;
  /** Takes a line of a class. */
  write(logClass: LogClass, line: string): void;
  /** The lines that could not be written of late; `undefined` if none. */
  readonly dropped: DroppedLines | undefined;
  /** Opens all files by their names again, as after a rotation by another program. */
  reopen(): void;
  /** Resolves when every line that was taken is written or dropped. */
  idle(): Promise<void>;
  /** Removes all files, and tells what went. */
  clear(): Promise<{ readonly files: number; readonly bytes: number }>;
  close(): Promise<void>;
}

/** The shares of the room by class. Errors have room of their own: requests cannot drive them out. */
const SHARES: Readonly<Record<LogClass, number>> = {
  access: 1 / 2,
  error: 1 / 4,
  performance: 1 / 4,
};

/** How long after a failure it is tried to tell what was dropped, in milliseconds. */
const TELL_AFTER_MS = 5000;

/** How long closing waits until lines are written, in milliseconds. */
const CLOSE_MS = 500;

interface Written {
  readonly file: LogFile;
  readonly queue: LineQueue;
}

/** Opens the log in a folder. Nothing is created until the first line. */
export function openLogFiles(options: LogFilesOptions): LogFiles {
  const { folder, maxBytes, now } = options;
  const around = rememberFolder(dirname(folder));
  // One after the other: a disk that hangs holds one of Node's four threads for it.
  const inTurn = createTurns();
  const openClass = (logClass: LogClass): Written => {
    const file = createLogFile({
      ...options,
      checkFolder: () => around.check(),
      logClass,
      maxBytes: Math.floor(maxBytes * SHARES[logClass]),
    });
    const queue = createLineQueue({
      write: (bytes) => inTurn(() => file.write(bytes)),
      now,
      tellAfterMs: TELL_AFTER_MS,
      tellDropped: (dropped) => tellDroppedLines(dropped, now()),
    });
    return { file, queue };
  };
  const classes = new Map(LOG_CLASSES.map((logClass) => [logClass, openClass(logClass)]));
  const each = [...classes.values()];
  const idle = async (): Promise<void> => {
    await Promise.all(each.map(({ queue }) => queue.idle()));
  };
  return {
    folder,
    maxBytes,
    write: (logClass, line) => classes.get(logClass)?.queue.write(line),
    get dropped() {
      return addUp(each.map(({ queue }) => queue.dropped).filter((one) => one !== undefined));
    },
    reopen: () => {
      for (const { file } of each) file.reopen();
    },
    idle,
    clear: async () => {
      // What was logged before goes too.
      await idle();
      const files = await listLogFiles(folder);
      let bytes = 0;
      for (const one of files) {
        const path = logFilePath(folder, one);
        bytes += (await stat(path).catch(() => undefined))?.size ?? 0;
        await rm(path, { force: true });
      }
      for (const { file } of each) file.reopen();
      return { files: files.length, bytes };
    },
    close: async () => {
      await Promise.all(each.map(({ queue }) => queue.close(CLOSE_MS)));
      // A disk that hangs must not hold up the end.
      const isOver = wait(CLOSE_MS, undefined, { ref: false });
      await Promise.race([Promise.all(each.map(({ file }) => file.close())), isOver]);
    },
  };
}

function addUp(all: readonly DroppedLines[]): DroppedLines | undefined {
  return all.reduce<DroppedLines | undefined>(
    (sum, one) =>
      sum === undefined
        ? one
        : {
            lines: sum.lines + one.lines,
            since: sum.since < one.since ? sum.since : one.since,
            code: one.code,
          },
    undefined,
  );
}
