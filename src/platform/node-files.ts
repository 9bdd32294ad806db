import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import path from 'node:path';
import type { Files } from './platform.js';

/** By its code alone: an error of another realm (a vm context, a test runner's) is no `Error` here. */
const isCode = (error: unknown, ...codes: string[]): boolean =>
  codes.includes(String((error as { code?: unknown } | undefined)?.code));

/** Runs a call; where it fails with one of these codes, the answer is `otherwise`. */
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

/** A pipe of that name would block the thread, and with it the end of the process, for ever. */
const NEVER_BLOCK = fs.constants.O_NONBLOCK ?? 0;
const TO_READ = fs.constants.O_RDONLY | NEVER_BLOCK;
const TO_EXTEND = fs.constants.O_WRONLY | fs.constants.O_APPEND | NEVER_BLOCK;
const TO_APPEND = TO_EXTEND | fs.constants.O_CREAT;

function withOpen<T>(file: string, flags: number, use: (fd: number) => T): T {
  const fd = fs.openSync(file, flags, 0o600);
  try {
    return use(fd);
  } finally {
    fs.closeSync(fd);
  }
}

const CHUNK_BYTES = 8 * 1024;
/** No file of ours is as large, nor one of the system's: what goes on for ever is none of them. */
const MAX_READ_BYTES = 16 * 1024 * 1024;

/**
 * Until its end, since files of the system do not say how long they are. Each read says where: of a
 * pipe, which has no such place, it fails (ESPIPE), and nobody waits for what somebody may write.
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
 * A disk that is nearly full takes a part and says nothing. All or nothing is written: what is
 * appended later must not stand behind half a line.
 */
function writeWhole(fd: number, text: string): void {
  const written = fs.writeSync(fd, text);
  if (written === Buffer.byteLength(text)) return;
  fs.ftruncateSync(fd, fs.fstatSync(fd).size - written);
  throw Object.assign(new Error('only a part was written'), { code: 'ENOSPC' });
}

/** A new file beside the target with all of the text in it: never seen under the target's name. */
function writeBeside(file: string, text: string, suffix: string): string {
  const draft = `${file}.${suffix}.tmp`;
  try {
    inFolder(draft, () => fs.writeFileSync(draft, text, { mode: 0o600, flag: 'wx' }));
  } catch (error) {
    discard(draft); // a full disk takes the name and not the text
    throw error;
  }
  return draft;
}

/** Not by rmSync(), which loads 3 ms of code for folders. Where nothing can be written, none is there. */
function discard(draft: string): void {
  const nowhere = ['ENOENT', 'ENOTDIR', 'EROFS', 'EACCES', 'EPERM', 'ENAMETOOLONG'];
  unless(nowhere, undefined, () => fs.unlinkSync(draft));
}

/** {@link Files} on the real disk; no call waits for anything but the disk. `uniqueSuffix` keeps the drafts of concurrent writers apart. */
export function nodeFiles(uniqueSuffix: () => string): Files {
  return {
    read: (file) =>
      unless(['ENOENT', 'ENOTDIR'], undefined, () => withOpen(file, TO_READ, readFile)),
    list: (folder) => unless(['ENOENT', 'ENOTDIR'], [], () => fs.readdirSync(folder)),
    append: (file, text) =>
      inFolder(file, () => withOpen(file, TO_APPEND, (fd) => writeWhole(fd, text))),
    extend: (file, text) =>
      unless(['ENOENT', 'ENOTDIR'], false, () =>
        withOpen(file, TO_EXTEND, (fd) => (writeWhole(fd, text), true)),
      ),
    replace(file, text) {
      const draft = writeBeside(file, text, uniqueSuffix());
      try {
        fs.renameSync(draft, file);
      } catch (error) {
        discard(draft);
        throw error;
      }
    },
    create(file, text) {
      const draft = writeBeside(file, text, uniqueSuffix());
      try {
        // link() fails where the name is taken and shows the whole text at once: open('wx') would
        // show an empty file to whoever reads between its creation and the write.
        return unless(['EEXIST'], false, () => (fs.linkSync(draft, file), true));
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
    rename: (from, to) => unless(['ENOENT'], false, () => (fs.renameSync(from, to), true)),
    remove: (file) => unless(['ENOENT', 'ENOTDIR'], false, () => (fs.unlinkSync(file), true)),
    exists: (file) => fs.existsSync(file),
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
