import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import path from 'node:path';
import { patiently } from './patiently.js';
import type { Files } from './platform.js';

/** Checks only the code: an error from another realm (`node:vm`, Jest) is not an `Error` here. */
const isCode = (error: unknown, ...codes: string[]): boolean =>
  codes.includes(String((error as { code?: unknown } | undefined)?.code));

/** Runs a call. Returns `otherwise` if it fails with one of these codes. */
function unless<T>(codes: string[], otherwise: T, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (isCode(error, ...codes)) return otherwise;
    throw error;
  }
}

function inFolder<T>(file: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    return write();
  }
}

/** Opening a pipe of that name would block the thread, and the end of the process, for ever. */
const NEVER_BLOCK = fs.constants.O_NONBLOCK ?? 0;
const TO_READ = fs.constants.O_RDONLY | NEVER_BLOCK;
const TO_EXTEND = fs.constants.O_WRONLY | fs.constants.O_APPEND | NEVER_BLOCK;
const TO_APPEND = TO_EXTEND | fs.constants.O_CREAT;

function withOpen<T>(file: string, flags: number, use: (fd: number) => T): T {
  const fd = patiently(() => fs.openSync(file, flags, 0o600));
  try {
    return use(fd);
  } finally {
    fs.closeSync(fd);
  }
}

const CHUNK_BYTES = 8 * 1024;
/** Larger than any file that Headcount reads. An endless file, such as a device, stops here. */
const MAX_READ_BYTES = 16 * 1024 * 1024;

/**
 * Reads up to the end, since system files do not tell their size. Each read gives a position: on a
 * pipe, which has none, it fails (ESPIPE) instead of waiting for a writer.
 */
function readFile(fd: number): string {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const first = readAt(fd, chunk, 0);
  // Most files are small: the second read finds the end.
  return first < CHUNK_BYTES && readAt(fd, chunk, first, first) === 0
    ? chunk.toString('utf8', 0, first)
    : readOn(fd, chunk.subarray(0, first));
}

function readOn(fd: number, start: Buffer): string {
  const chunks = [Buffer.from(start)];
  for (let total = start.length; ;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const bytes = readAt(fd, chunk, total);
    if (bytes === 0) return Buffer.concat(chunks).toString('utf8');
    total += bytes;
    if (total > MAX_READ_BYTES) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
    chunks.push(chunk.subarray(0, bytes));
  }
}

function readAt(fd: number, chunk: Buffer, position: number, into = 0): number {
  try {
    return fs.readSync(fd, chunk, into, CHUNK_BYTES - into, position);
  } catch (error) {
    if (!isCode(error, 'ESPIPE')) throw error;
    throw Object.assign(new Error('not a file'), { code: 'EINVAL' });
  }
}

/**
 * Writes all or nothing. A nearly full disk writes a part of the text without an error, and a
 * later line must not follow half a line.
 */
function writeWhole(file: string, fd: number, text: string): void {
  const written = fs.writeSync(fd, text);
  if (written === Buffer.byteLength(text)) return;
  const before = fs.fstatSync(fd).size - written;
  try {
    fs.ftruncateSync(fd, before);
  } catch {
    fs.truncateSync(file, before); // Windows lets nobody shorten what was opened for appending
  }
  throw Object.assign(new Error('only a part was written'), { code: 'ENOSPC' });
}

/** Writes all of the text to a new file beside the target, so that no reader sees a part of it. */
function writeBeside(file: string, text: string, suffix: string): string {
  const draft = `${file}.${suffix}.tmp`;
  try {
    inFolder(draft, () =>
      patiently(() => fs.writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })),
    );
  } catch (error) {
    discard(draft); // a full disk creates the file but not its content
    throw error;
  }
  return draft;
}

/**
 * `rmSync()` would load code for folders, which takes 3 ms. The ignored errors mean that the draft
 * was never created, or that another program holds it: the sender removes it a day later.
 */
function discard(draft: string): void {
  const nowhere = ['ENOENT', 'ENOTDIR', 'EROFS', 'EACCES', 'EPERM', 'EBUSY', 'ENAMETOOLONG'];
  unless(nowhere, undefined, () => patiently(() => fs.unlinkSync(draft)));
}

/**
 * {@link Files} on the real disk. No call waits for anything but the disk.
 *
 * @param uniqueSuffix - gives the drafts of concurrent writers different names
 */
export function nodeFiles(uniqueSuffix: () => string): Files {
  return {
    read: (file) =>
      unless(['ENOENT', 'ENOTDIR'], undefined, () => withOpen(file, TO_READ, readFile)),
    list: (folder) => unless(['ENOENT', 'ENOTDIR'], [], () => fs.readdirSync(folder)),
    append: (file, text) =>
      inFolder(file, () => withOpen(file, TO_APPEND, (fd) => writeWhole(file, fd, text))),
    extend: (file, text) =>
      unless(['ENOENT', 'ENOTDIR'], false, () =>
        withOpen(file, TO_EXTEND, (fd) => (writeWhole(file, fd, text), true)),
      ),
    replace(file, text) {
      const draft = writeBeside(file, text, uniqueSuffix());
      try {
        patiently(() => fs.renameSync(draft, file));
      } catch (error) {
        discard(draft);
        throw error;
      }
    },
    create(file, text) {
      const draft = writeBeside(file, text, uniqueSuffix());
      try {
        // link() fails if the name is taken, and the new file has its text at once. With
        // open('wx'), a reader could see an empty file before the write.
        return unless(['EEXIST'], false, () => (patiently(() => fs.linkSync(draft, file)), true));
      } catch (error) {
        if (!isCode(error, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK')) throw error;
        return unless(['EEXIST'], false, () => {
          fs.writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
          return true;
        });
      } finally {
        discard(draft);
      }
    },
    rename: (from, to) =>
      unless(['ENOENT'], false, () => (patiently(() => fs.renameSync(from, to)), true)),
    remove: (file) =>
      unless(['ENOENT', 'ENOTDIR'], false, () => (patiently(() => fs.unlinkSync(file)), true)),
    stat(file) {
      const found = unless(['ENOTDIR'], undefined, () =>
        fs.statSync(file, { throwIfNoEntry: false }),
      );
      return found && { bytes: found.size, modifiedMs: found.mtimeMs };
    },
    touch(file) {
      const now = new Date();
      fs.utimesSync(file, now, now);
    },
    realPath: (file) => fs.realpathSync.native(file),
  };
}
