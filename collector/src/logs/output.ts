import { fstatSync, write } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';

/** Lines that could not be written, since the last one that was. */
export interface DroppedLines {
  readonly lines: number;
  readonly since: Date;
  /** The system's code of the error; `EAGAIN` if nobody reads what was written before. */
  readonly code: string;
}

export interface OutputOptions {
  readonly now: () => Date;
  /** The line that tells of dropped ones, before the first that is written again. */
  readonly tellDropped: (dropped: DroppedLines) => string;
}

/** stdout or stderr of a service: it never blocks, never throws, and never grows without bound. */
export interface Output {
  /** Takes whole lines. They are written soon, or dropped and counted. */
  write(lines: string): void;
  /** What was dropped since the last line that was written; `undefined` if nothing. */
  readonly dropped: DroppedLines | undefined;
  /**
   * Waits until everything is written, and takes nothing more.
   *
   * @param limitMs - In milliseconds; what is not written then is given up.
   * @returns `false` if the system still holds a write: then only a signal ends the process.
   */
  close(limitMs: number): Promise<boolean>;
}

/** Bytes that wait for a slow reader at most. */
const MAX_WAITING_BYTES = 1024 ** 2;

/** How long a reader that is slow gets before the next attempt, in milliseconds. */
const TRY_AGAIN_MS = 50;

const NEWLINE = 10;

const NONE = Buffer.alloc(0);

/** Opens stdout (1) or stderr (2) of this process. */
export function openOutput(fd: 1 | 2, { now, tellDropped }: OutputOptions): Output {
  let waiting: string[] = [];
  let waitingBytes = 0;
  let dropped: DroppedLines | undefined;
  /** The end of a line whose beginning is written. */
  let torn: Buffer = NONE;
  let isInSystem = false;
  let isGivenUp = false;
  let running: Promise<void> | undefined;
  neverBlock(fd);

  const drop = (lines: number, code: string): void => {
    if (lines === 0) return;
    const { since, lines: before } = dropped ?? { since: now(), lines: 0 };
    dropped = { lines: before + lines, since, code };
  };
  const writeSome = async (bytes: Buffer): Promise<number> => {
    isInSystem = true;
    return new Promise<number>((resolve, reject) => {
      write(fd, bytes, (error, written) => {
        isInSystem = false;
        if (error === null) resolve(written);
        else reject(error);
      });
    });
  };
  /** @returns The bytes that were written, and the code of what then went wrong, if anything. */
  const writeAll = async (bytes: Buffer): Promise<{ written: number; code?: string }> => {
    let written = 0;
    while (written < bytes.length) {
      try {
        written += await writeSome(bytes.subarray(written));
      } catch (error) {
        const { code = 'UNKNOWN' } = error as NodeJS.ErrnoException; // what `fs.write` gives
        if (code !== 'EAGAIN' || isGivenUp) return { written, code };
        await wait(TRY_AGAIN_MS);
      }
    }
    return { written };
  };
  const writeWaiting = async (): Promise<void> => {
    while (waiting.length > 0 && !isGivenUp) {
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
      running ??= writeWaiting();
    },
    get dropped() {
      return dropped;
    },
    close: async (limitMs) => {
      const deadline = new AbortController();
      await Promise.race([
        running,
        wait(limitMs, undefined, { signal: deadline.signal }).catch(() => undefined),
      ]);
      deadline.abort();
      isGivenUp = true;
      return !isInSystem;
    },
  };
}

/**
 * Node makes a pipe that does not block of what is one; a full one then answers at once instead of
 * holding a thread, without which the process could not end. Files are written in such a thread.
 */
function neverBlock(fd: 1 | 2): void {
  const stats = fstatSync(fd);
  if (!stats.isFIFO() && !stats.isSocket()) return;
  const stream = fd === 1 ? process.stdout : process.stderr;
  stream.on('error', () => undefined); // nothing is written through it
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

/** How long the end of the process waits until its outputs are written, in milliseconds. */
const WRITE_AT_END_MS = 500;

/** Lets the process end, whatever its outputs do. It must have nothing else to do. */
export async function endOutputs(outputs: readonly Output[]): Promise<void> {
  // Errors of what was just written are told a moment later.
  await nextTurn();
  const isFree = await Promise.all(outputs.map((output) => output.close(WRITE_AT_END_MS)));
  // Exiting would wait for the thread that writes to a stopped terminal or a lost disk.
  if (isFree.includes(false)) process.kill(process.pid, 'SIGKILL');
}
