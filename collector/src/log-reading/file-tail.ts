import { type FileHandle, open, stat } from 'node:fs/promises';
import { hasCode } from '../has-code.js';
import { createLineSplitter } from './line-splitter.js';

/** A file that is read to its end again and again, also when it is replaced or cut meanwhile. */
export interface FileTail {
  /** Lines that are whole and new. It ends at the present end of the file. */
  poll(): AsyncGenerator<string>;
  /** Whether the file was there at the last look. */
  readonly isThere: boolean;
  close(): Promise<void>;
}

const CHUNK_BYTES = 64 * 1024;

/** Bytes before the place of reading by which it is told that a file was cut and has grown since. */
const MARK_BYTES = 64;

interface Opened {
  readonly handle: FileHandle;
  readonly ino: number;
  readonly dev: number;
  offset: number;
  /** The bytes right before the offset. */
  mark: Buffer;
}

export interface FileTailOptions {
  /** Where reading begins in the file that is there at first, told by its size. @default its beginning */
  readonly begin?: (size: number) => number;
}

/** Creates a tail. A file that is not there is waited for. */
export function createFileTail(path: string, { begin = () => 0 }: FileTailOptions = {}): FileTail {
  let file: Opened | undefined;
  let isFirst = true;
  let splitter = createLineSplitter();

  const openFile = async (): Promise<Opened | undefined> => {
    let handle: FileHandle;
    try {
      handle = await open(path, 'r');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
    const { ino, dev, size } = await handle.stat();
    const offset = isFirst ? Math.max(0, begin(size)) : 0;
    isFirst = false;
    const opened = { handle, ino, dev, offset, mark: Buffer.alloc(0) };
    // A place within a line begins with its end, which is no line.
    if (offset > 0) opened.offset = await nextLine(handle, offset);
    return opened;
  };
  async function* readOn(opened: Opened): AsyncGenerator<string> {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await opened.handle.read(chunk, 0, CHUNK_BYTES, opened.offset);
      if (bytesRead === 0) return;
      const bytes = chunk.subarray(0, bytesRead);
      opened.offset += bytesRead;
      opened.mark = Buffer.concat([opened.mark, bytes]).subarray(-MARK_BYTES);
      opened.mark = Buffer.from(opened.mark);
      yield* splitter.push(bytes);
    }
  }
  const leave = async (): Promise<string[]> => {
    await file?.handle.close();
    file = undefined;
    const rest = splitter.end();
    splitter = createLineSplitter();
    return rest;
  };
  return {
    get isThere() {
      return file !== undefined;
    },
    poll: async function* () {
      if (file !== undefined && (await isReplaced(file, path))) {
        yield* readOn(file);
        yield* await leave();
      }
      file ??= await openFile();
      if (file === undefined) return;
      if (await isCut(file)) {
        yield* splitter.end();
        splitter = createLineSplitter();
        [file.offset, file.mark] = [0, Buffer.alloc(0)];
      }
      yield* readOn(file);
    },
    close: async () => {
      await leave();
    },
  };
}

async function isReplaced({ handle, ino, dev }: Opened, path: string): Promise<boolean> {
  // The number of a removed file is given to the next one.
  if ((await handle.stat()).nlink === 0) return true;
  try {
    const present = await stat(path);
    return present.ino !== ino || present.dev !== dev;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return true;
    throw error;
  }
}

async function isCut({ handle, offset, mark }: Opened): Promise<boolean> {
  const { size } = await handle.stat();
  if (size < offset) return true;
  if (mark.length === 0) return false;
  const { buffer, bytesRead } = await handle.read(
    ...([Buffer.alloc(mark.length), 0, mark.length, offset - mark.length] as const),
  );
  return !buffer.subarray(0, bytesRead).equals(mark);
}

/** Where the next line begins; the end of the file without one. */
async function nextLine(handle: FileHandle, from: number): Promise<number> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let at = from - 1; ;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, at);
    if (bytesRead === 0) return at;
    const newline = chunk.subarray(0, bytesRead).indexOf(10);
    if (newline !== -1) return at + newline + 1;
    at += bytesRead;
  }
}
