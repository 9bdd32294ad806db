import { setTimeout as wait } from 'node:timers/promises';

/** Lines that could not be written, since the last one that was. */
export interface DroppedLines {
  readonly lines: number;
  readonly since: Date;
  /** The system's code of the error; `EAGAIN` if nobody reads what was written before. */
  readonly code: string;
}

export interface LineQueueOptions {
  /**
   * Writes bytes, or some of them, without blocking.
   *
   * @returns How many were written.
   * @throws An error with the system's code.
   */
  readonly write: (bytes: Buffer) => Promise<number>;
  readonly now: () => Date;
  /** The line that tells of dropped ones, before the first that is written again. */
  readonly tellDropped: (dropped: DroppedLines) => string;
  /**
   * How long after lines were dropped it is tried to tell so, in milliseconds.
   *
   * @default with the next line
   */
  readonly tellAfterMs?: number;
}

/** Whole lines on their way to a file or a pipe: it never throws, and never grows without bound. */
export interface LineQueue {
  /** Takes whole lines. They are written soon, or dropped and counted. */
  write(lines: string): void;
  /** What was dropped since the last line that was written; `undefined` if nothing. */
  readonly dropped: DroppedLines | undefined;
  /** Resolves when nothing more is to be written. */
  idle(): Promise<void>;
  /**
   * Waits until everything is written, and takes nothing more.
   *
   * @param limitMs - In milliseconds; what is not written then is given up.
   */
  close(limitMs: number): Promise<void>;
}

/** Bytes that wait for a slow reader or disk at most. */
const MAX_WAITING_BYTES = 1024 ** 2;

/** How long a reader that is slow gets before the next attempt, in milliseconds. */
const TRY_AGAIN_MS = 50;

const NEWLINE = 10;

const NONE = Buffer.alloc(0);

/** Creates a queue, which is empty. */
export function createLineQueue(options: LineQueueOptions): LineQueue {
  const { write, now, tellDropped } = options;
  let waiting: string[] = [];
  let waitingBytes = 0;
  let dropped: DroppedLines | undefined;
  /** The end of a line whose beginning is written. */
  let torn: Buffer = NONE;
  let isGivenUp = false;
  let running: Promise<void> | undefined;
  let telling: NodeJS.Timeout | undefined;

  const drop = (lines: number, code: string): void => {
    if (lines === 0) return;
    const { since, lines: before } = dropped ?? { since: now(), lines: 0 };
    dropped = { lines: before + lines, since, code };
  };
  const isOwing = (): boolean => dropped !== undefined || torn.length > 0;
  const tellLater = (): void => {
    if (options.tellAfterMs === undefined || telling !== undefined || isGivenUp) return;
    telling = setTimeout(() => {
      telling = undefined;
      start();
    }, options.tellAfterMs).unref();
  };
  /** @returns The bytes that were written, and the code of what then went wrong, if anything. */
  const writeAll = async (bytes: Buffer): Promise<{ written: number; code?: string }> => {
    let written = 0;
    while (written < bytes.length) {
      try {
        written += await write(bytes.subarray(written));
      } catch (error) {
        const { code = 'UNKNOWN' } = error as NodeJS.ErrnoException; // what `fs.write` gives
        if (code !== 'EAGAIN' || isGivenUp) return { written, code };
        await wait(TRY_AGAIN_MS);
      }
    }
    return { written };
  };
  const writeWaiting = async (): Promise<void> => {
    for (let isFirst = true; waiting.length > 0 || (isFirst && isOwing()); isFirst = false) {
      if (isGivenUp) break;
      const told = dropped;
      const notice = told === undefined ? '' : tellDropped(told);
      const bytes = Buffer.concat([torn, Buffer.from(notice + waiting.join(''))]);
      const own = (torn.length > 0 ? 1 : 0) + (notice === '' ? 0 : 1);
      waiting = [];
      waitingBytes = 0;
      const { written, code } = await writeAll(bytes);
      const whole = countLines(bytes.subarray(0, written));
      const hasBegunNotice = written > torn.length;
      // Lines can be dropped while others are written: the next notice tells of those.
      if (told !== undefined && hasBegunNotice) dropped = without(dropped, told);
      torn = code === undefined ? NONE : (restOfLine(bytes, written) ?? torn);
      // A line of which a part is written is completed before all others.
      const kept = torn.length > 0 && whole >= own ? 1 : 0;
      drop(countLines(bytes) - Math.max(whole, own) - kept, code ?? '');
    }
    running = undefined;
    if (isOwing()) tellLater();
  };
  const start = (): void => {
    // A moment later: with nothing to write, it would be over before it is noted as running.
    running ??= Promise.resolve().then(writeWaiting);
  };

  return {
    write: (lines) => {
      const bytes = Buffer.byteLength(lines);
      if (isGivenUp || waitingBytes + bytes > MAX_WAITING_BYTES) {
        drop(countLines(Buffer.from(lines)), 'EAGAIN');
        return;
      }
      waiting.push(lines);
      waitingBytes += bytes;
      start();
    },
    get dropped() {
      return dropped;
    },
    idle: async () => {
      await running;
    },
    close: async (limitMs) => {
      const deadline = new AbortController();
      await Promise.race([
        running,
        wait(limitMs, undefined, { signal: deadline.signal }).catch(() => undefined),
      ]);
      deadline.abort();
      isGivenUp = true;
      clearTimeout(telling);
    },
  };
}

/** The rest of the line in which writing has ended; `undefined` if it has not begun any. */
function restOfLine(bytes: Buffer, written: number): Buffer | undefined {
  if (written === 0) return undefined;
  if (bytes[written - 1] === NEWLINE) return NONE;
  const end = bytes.indexOf(NEWLINE, written);
  return bytes.subarray(written, end === -1 ? bytes.length : end + 1);
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}

function without(all: DroppedLines | undefined, told: DroppedLines): DroppedLines | undefined {
  if (all === undefined || all.lines <= told.lines) return undefined;
  return { ...all, lines: all.lines - told.lines };
}
