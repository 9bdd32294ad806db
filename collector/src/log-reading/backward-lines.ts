import { type FileHandle, open } from 'node:fs/promises';
import { hasCode } from '../has-code.js';
import { type LogFileName, logFilePath } from '../logs/log-names.js';

/** Bytes that may still be read; shared by several readers. */
export interface ReadBudget {
  bytes: number;
}

/** A place in a file: everything before it is not read yet. */
export interface LogPosition {
  readonly file: LogFileName;
  readonly offset: number;
}

/** A whole line and where it ends. */
export interface LineAt {
  readonly text: string;
  readonly end: LogPosition;
}

/** The lines of files from the newest to the oldest, read in pieces from their ends. */
export interface BackwardLines {
  /** The line before; `undefined` at the beginning of the oldest file or without a budget. */
  previous(): Promise<LineAt | undefined>;
  /** Where the unread lines end; `undefined` once there are none. */
  readonly position: LogPosition | undefined;
  close(): Promise<void>;
}

export interface BackwardOptions {
  readonly folder: string;
  /** The oldest first. */
  readonly files: readonly LogFileName[];
  /** Where to begin; the end of the newest file without it. */
  readonly from?: LogPosition | undefined;
  readonly budget: ReadBudget;
}

const CHUNK_BYTES = 64 * 1024;

/** No line of the collector is as long. The rest of one is dropped. */
const MAX_LINE_BYTES = 256 * 1024;

const NEWLINE = 10;

const NONE = Buffer.alloc(0);

/** Reads lines backwards. A file that is gone has no lines. */
export function readBackwards(options: BackwardOptions): BackwardLines {
  const { folder, files, from, budget } = options;
  let at = from === undefined ? files.length - 1 : indexOf(files, from);
  // If its file is gone, the next older one is read from its end.
  let start = from !== undefined && files[at]?.name === from.file.name ? from.offset : undefined;
  let handle: FileHandle | undefined;
  /** Bytes that are read and not split yet, and where they begin in the file. */
  let [held, heldAt] = [NONE, 0];

  const openCurrent = async (file: LogFileName): Promise<boolean> => {
    try {
      handle = await open(logFilePath(folder, file), 'r');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    }
    const stats = await handle.stat();
    // Something else has its name: reading it would fail or wait.
    if (!stats.isFile()) return false;
    const { size } = stats;
    heldAt = Math.min(start ?? size, size);
    held = NONE;
    return true;
  };
  const leave = async (): Promise<void> => {
    await handle?.close();
    [handle, held, start] = [undefined, NONE, undefined];
    at--;
  };
  /** Reads the piece before what is held. */
  const readMore = async (file: FileHandle): Promise<void> => {
    const begin = Math.max(0, heldAt - CHUNK_BYTES);
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(heldAt - begin),
      ...([0, heldAt - begin, begin] as const),
    );
    budget.bytes -= bytesRead;
    const kept = held.length > MAX_LINE_BYTES ? NONE : held;
    held = Buffer.concat([buffer.subarray(0, bytesRead), kept]);
    heldAt = begin;
  };
  return {
    previous: async () => {
      for (;;) {
        const file = files[at];
        if (file === undefined) return undefined;
        if (handle === undefined && !(await openCurrent(file))) {
          await leave();
          continue;
        }
        const lineBegin = held.length < 2 ? 0 : held.lastIndexOf(NEWLINE, held.length - 2) + 1;
        if (lineBegin > 0 || (heldAt === 0 && held.length > 0)) {
          const text = held.toString('utf8', lineBegin);
          const end = { file, offset: heldAt + held.length };
          held = held.subarray(0, lineBegin);
          return { text, end };
        }
        if (heldAt === 0) {
          await leave();
          continue;
        }
        if (budget.bytes <= 0 || handle === undefined) return undefined;
        await readMore(handle);
      }
    },
    get position() {
      const file = files[at];
      if (file === undefined) return undefined;
      if (handle !== undefined) return { file, offset: heldAt + held.length };
      return { file, offset: start ?? Number.MAX_SAFE_INTEGER };
    },
    close: async () => {
      await handle?.close();
      handle = undefined;
    },
  };
}

/** The file of a position, or the newest one before it. */
function indexOf(files: readonly LogFileName[], { file }: LogPosition): number {
  return files.findLastIndex(
    ({ day, part }) => day < file.day || (day === file.day && part <= file.part),
  );
}
