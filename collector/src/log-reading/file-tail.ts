import { type FileHandle, open, stat } from 'node:fs/promises';
import { hasCode } from '../has-code.js';
import { createLineSplitter } from './line-splitter.js';
import { nextLine } from './next-line.js';

/**
 * A file that is read to its end again and again, also when it is replaced or cut meanwhile. A pipe
 * is read as it comes.
 */
export interface FileTail {
  /**
   * Lines that are whole and new. It ends where the file ended when it began.
   *
   * @throws What the system says of a file that cannot be read, at the first look.
   */
  poll(): AsyncGenerator<string>;
  /** The last line, if it has no end yet: for a file that is read once. */
  end(): string[];
  /** Why there was no file at the last look, as the system's code; `undefined` if there was one. */
  readonly missing: string | undefined;
  close(): Promise<void>;
}

const CHUNK_BYTES = 64 * 1024;

/** Bytes before the place of reading by which it is told that a file was cut and has grown since. */
const MARK_BYTES = 64;

/** What a later look can find where a file was, until it comes again. */
const NO_FILE = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EISDIR', 'ELOOP'];

interface Opened {
  readonly handle: FileHandle;
  readonly ino: number;
  readonly dev: number;
  /** Whether it has places: a pipe has none. */
  readonly isFile: boolean;
  offset: number;
  /** The bytes right before the offset. */
  mark: Buffer;
  /** Whether reading began in the middle of a line. */
  isTorn: boolean;
}

export interface FileTailOptions {
  /** Where reading begins in the file that is there at first, told by its size. @default its beginning */
  readonly begin?: (size: number) => number;
}

/** Creates a tail. A file that is not there is waited for. */
export function createFileTail(path: string, { begin = () => 0 }: FileTailOptions = {}): FileTail {
  let file: Opened | undefined;
  let [isFirstFile, isFirstLook] = [true, true];
  let missing: string | undefined = 'ENOENT';
  let splitter = createLineSplitter();

  const openFile = async (): Promise<Opened> => {
    const handle = await open(path, 'r');
    try {
      const stats = await handle.stat();
      if (stats.isDirectory()) {
        const isFolder = { code: 'EISDIR', syscall: 'read', path };
        throw Object.assign(new Error(`${path} is a folder.`), isFolder);
      }
      const { ino, dev, size } = stats;
      const isFile = stats.isFile();
      const offset = isFirstFile && isFile ? Math.max(0, begin(size)) : 0;
      isFirstFile = false;
      // A place within a line begins with its end, which is no line.
      const line = offset === 0 ? 0 : await nextLine(handle, offset);
      const place = { offset: line ?? offset, isTorn: line === undefined };
      return { handle, ino, dev, isFile, mark: Buffer.alloc(0), ...place };
    } catch (error) {
      await handle.close();
      throw error;
    }
  };
  const look = async (): Promise<void> => {
    try {
      file = await openFile();
      missing = undefined;
    } catch (error) {
      const code = NO_FILE.find((one) => hasCode(error, one));
      if (code === undefined || (isFirstLook && code !== 'ENOENT')) throw error;
      missing = code;
    } finally {
      isFirstLook = false;
    }
  };
  const told = (lines: string[], opened: Opened): string[] => {
    const [first, ...more] = lines;
    if (first === undefined || !opened.isTorn) return lines;
    opened.isTorn = false;
    return [`… ${first}`, ...more];
  };
  async function* readOn(opened: Opened): AsyncGenerator<string> {
    const { handle, isFile } = opened;
    const chunk = Buffer.alloc(CHUNK_BYTES);
    // A program that writes faster than lines are read must not keep this from ending.
    const end = isFile ? (await handle.stat()).size : Infinity;
    while (opened.offset < end) {
      const place = isFile ? opened.offset : null;
      const length = Math.min(CHUNK_BYTES, end - opened.offset);
      const { bytesRead } = await handle.read(chunk, 0, length, place);
      if (bytesRead === 0) return;
      const bytes = chunk.subarray(0, bytesRead);
      opened.offset += bytesRead;
      opened.mark = Buffer.concat([opened.mark, bytes]).subarray(-MARK_BYTES);
      opened.mark = Buffer.from(opened.mark);
      yield* told(splitter.push(bytes), opened);
    }
  }
  /** Takes the line that goes on no more. */
  const end = (): string[] => {
    const rest = splitter.end();
    splitter = createLineSplitter();
    return file === undefined ? rest : told(rest, file);
  };
  const leave = async (): Promise<void> => {
    await file?.handle.close();
    file = undefined;
  };
  return {
    get missing() {
      return missing;
    },
    poll: async function* () {
      if (file !== undefined && (await isReplaced(file, path))) {
        yield* readOn(file);
        yield* end();
        await leave();
      }
      if (file === undefined) await look();
      if (file === undefined) return;
      if (await isCut(file)) {
        yield* end();
        [file.offset, file.mark] = [0, Buffer.alloc(0)];
      }
      yield* readOn(file);
    },
    end,
    close: leave,
  };
}

async function isReplaced({ handle, ino, dev, isFile }: Opened, path: string): Promise<boolean> {
  if (!isFile) return false;
  // The number of a removed file is given to the next one.
  if ((await handle.stat()).nlink === 0) return true;
  try {
    const present = await stat(path);
    return present.ino !== ino || present.dev !== dev;
  } catch (error) {
    if (hasCode(error, ...NO_FILE)) return true;
    throw error;
  }
}

async function isCut({ handle, offset, mark, isFile }: Opened): Promise<boolean> {
  if (!isFile) return false;
  const { size } = await handle.stat();
  if (size < offset) return true;
  if (mark.length === 0) return false;
  const { buffer, bytesRead } = await handle.read(
    ...([Buffer.alloc(mark.length), 0, mark.length, offset - mark.length] as const),
  );
  return !buffer.subarray(0, bytesRead).equals(mark);
}
