import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises';
import { hasCode } from '../has-code.js';
import type { CheckFolder } from '../opened-folder.js';
import { dayOf, startOfDay, type Zone } from '../rules/day.js';
import { listLogFiles, type LogClass, logFileName, logFilePath } from './log-names.js';

export interface LogFileOptions {
  readonly folder: string;
  /** Asked before the folder or a file is created. */
  readonly checkFolder: CheckFolder;
  readonly logClass: LogClass;
  /** The zone of days. */
  readonly zone: Zone;
  /** Bytes of all files of the class together. */
  readonly maxBytes: number;
  readonly now: () => Date;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
}

/**
 * The present file of a class: another one on each day. It is opened when something is to be
 * written. Its calls must not overlap.
 */
export interface LogFile {
  /** Writes lines, or some of their bytes. @throws What the system says. */
  write(bytes: Buffer): Promise<number>;
  /** Opens the file by its name again before the next line, as after a rotation by another program. */
  reopen(): void;
  close(): Promise<void>;
}

/** A class has so many parts of a day, or so few large days, before its oldest file goes. */
const PARTS = 8;

/** How often it is looked whether the file still has its name, in milliseconds. */
const LOOK_EVERY_MS = 1000;

/** How long a failed attempt to open is not repeated, in milliseconds. */
const TRY_AGAIN_MS = 1000;

const NEWLINE = 10;

interface Opened {
  readonly handle: FileHandle;
  readonly path: string;
  readonly ino: number;
  readonly dev: number;
  /** The moments at which its day begins and ends. */
  readonly from: number;
  readonly to: number;
  bytes: number;
}

/** Creates the writer of a class. Nothing is opened yet. */
export function createLogFile(options: LogFileOptions): LogFile {
  const { now, monotonicMs } = options;
  const partBytes = Math.floor(options.maxBytes / PARTS);
  let file: Opened | undefined;
  let isWithinLine = false;
  let mustReopen = false;
  let lookedAtMs = 0;
  let failed: { readonly atMs: number; readonly error: unknown } | undefined;

  const close = async (): Promise<void> => {
    const { handle } = file ?? {};
    file = undefined;
    // What it held is written; a disk that fails at the end changes nothing of that.
    await handle?.close().catch(() => undefined);
  };
  const isPresent = async (opened: Opened): Promise<boolean> => {
    if (monotonicMs() - lookedAtMs < LOOK_EVERY_MS) return true;
    lookedAtMs = monotonicMs();
    try {
      const { ino, dev, size } = await stat(opened.path);
      opened.bytes = size; // another program may have cut it
      return ino === opened.ino && dev === opened.dev;
    } catch (error) {
      return !hasCode(error, 'ENOENT', 'ENOTDIR');
    }
  };
  const isUsable = async (opened: Opened, bytes: number): Promise<boolean> => {
    // The rest of a line belongs to its beginning.
    if (isWithinLine) return true;
    const at = now().getTime();
    if (mustReopen || at < opened.from || at >= opened.to) return false;
    if (opened.bytes > 0 && opened.bytes + bytes > partBytes) return false;
    return isPresent(opened);
  };
  const openPresent = async (bytes: number): Promise<Opened> => {
    if (failed !== undefined && monotonicMs() - failed.atMs < TRY_AGAIN_MS) throw failed.error;
    try {
      const opened = await openPart(options, partBytes, bytes);
      failed = undefined;
      mustReopen = false;
      lookedAtMs = monotonicMs();
      return opened;
    } catch (error) {
      failed = { atMs: monotonicMs(), error };
      throw error;
    }
  };
  return {
    write: async (bytes) => {
      if (file !== undefined && !(await isUsable(file, bytes.length))) await close();
      file ??= await openPresent(bytes.length);
      const opened = file;
      const { bytesWritten } = await opened.handle.write(bytes);
      opened.bytes += bytesWritten;
      if (bytesWritten > 0) isWithinLine = bytes[bytesWritten - 1] !== NEWLINE;
      return bytesWritten;
    },
    reopen: () => {
      mustReopen = true;
    },
    close,
  };
}

/** Opens the last part of the present day, or a new one if the lines find no room in it. */
async function openPart(
  { folder, checkFolder, logClass, zone, maxBytes, now }: LogFileOptions,
  partBytes: number,
  bytes: number,
): Promise<Opened> {
  await checkFolder();
  await makeFolder(folder);
  const day = dayOf(now().getTime(), zone);
  const own = (await listLogFiles(folder)).filter((one) => one.logClass === logClass);
  const last = own.filter((one) => one.day === day).at(-1)?.part ?? 0;
  const bytesOf = async (name: string): Promise<number> =>
    (await stat(logFilePath(folder, { name })).catch(() => undefined))?.size ?? 0;
  const begun = await bytesOf(logFileName({ logClass, day, part: last }));
  const part = begun > 0 && begun + bytes > partBytes ? last + 1 : last;
  const name = logFileName({ logClass, day, part });

  let room = maxBytes - partBytes;
  for (const one of own.toReversed()) {
    if (one.name === name) continue;
    room -= await bytesOf(one.name);
    if (room < 0) await rm(logFilePath(folder, one), { force: true });
  }
  const path = logFilePath(folder, { name });
  // With `+`, since the end of what is there is read.
  const handle = await open(path, 'a+', 0o600);
  try {
    const { ino, dev, size } = await handle.stat();
    // A line that a crash has torn must not take the next one with it.
    if (await endsWithinLine(handle, size)) await handle.write('\n');
    const [from, to] = [startOfDay(day, zone), startOfDay(day + 1, zone)];
    return { handle, path, ino, dev, from, to, bytes: size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Not with those above it: the one around it must be the one that was opened. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, 'EEXIST') || !(await stat(folder)).isDirectory()) throw error;
  }
}

async function endsWithinLine(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return bytesRead === 1 && buffer[0] !== NEWLINE;
}
