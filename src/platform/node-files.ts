import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import path from 'node:path';
import {
  codedError,
  effectiveUser,
  folderOf,
  ownFolders,
  type OwnFolders,
  refused,
} from './own-folders.js';
import { patiently } from './patiently.js';
import type { Files } from './platform.js';

/** Checks only the code: an error from another realm (`node:vm`, Jest) is not an `Error` here. */
const isCode = (error: unknown, ...codes: string[]): boolean =>
  codes.includes(String((error as { code?: unknown } | undefined)?.code));

/** There is no such file. */
const GONE = ['ENOENT', 'ENOTDIR'];

/** Runs a call. Returns `otherwise` if it fails with one of these codes. */
function unless<T>(codes: string[], otherwise: T, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (isCode(error, ...codes)) return otherwise;
    throw error;
  }
}

/** Writes a file of a folder that passes the check. Makes the folder if there is none. */
function inFolder<T>({ check }: OwnFolders, file: string, write: () => T): T {
  const folder = folderOf(file);
  check(folder);
  try {
    return write();
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
    makeFolder(folder);
    check(folder);
    return write();
  }
}

/** A new home needs five. */
const MAX_NEW_FOLDERS = 16;

/**
 * Makes a folder and the missing ones above it, each at most once. A recursive `mkdir()` never
 * returns if the system says ENOENT although the folder above is there, as in a deleted one.
 */
function makeFolder(folder: string, levels = MAX_NEW_FOLDERS): void {
  const parent = path.dirname(folder);
  const owner = fs.statSync(parent, { throwIfNoEntry: false })?.uid;
  const user = effectiveUser();
  if (owner === undefined && levels > 1) makeFolder(parent, levels - 1);
  // In folders of root that all may write to, such as /tmp, the system keeps users apart.
  if (user !== undefined && owner && owner !== user) throw refused(parent);
  unless(['EEXIST'], undefined, () => fs.mkdirSync(folder, 0o700));
}

/** Opening a pipe of that name would block the thread, and the end of the process, for ever. */
const NEVER_BLOCK = fs.constants.O_NONBLOCK ?? 0;
/** Somebody may have put a link to another file in the place of ours. */
const OWN = NEVER_BLOCK | (fs.constants.O_NOFOLLOW ?? 0);
const TO_EXTEND = fs.constants.O_WRONLY | fs.constants.O_APPEND | OWN;
const TO_APPEND = TO_EXTEND | fs.constants.O_CREAT;

function withOpen<T>(file: string, flags: number, use: (fd: number) => T): T {
  const fd = patiently(() => fs.openSync(file, flags, 0o600));
  try {
    return use(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** `undefined` if there is no such file. */
const ifThere = <T>(file: string, flags: number, use: (fd: number) => T): T | undefined =>
  unless(GONE, undefined, () => withOpen(file, flags, use));

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
    if (total > MAX_READ_BYTES) throw codedError('EFBIG', 'too large');
    chunks.push(chunk.subarray(0, bytes));
  }
}

function readAt(fd: number, chunk: Buffer, position: number, into = 0): number {
  try {
    return fs.readSync(fd, chunk, into, CHUNK_BYTES - into, position);
  } catch (error) {
    if (!isCode(error, 'ESPIPE')) throw error;
    throw codedError('EINVAL', 'not a file');
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
  throw codedError('ENOSPC', 'only a part was written');
}

/** Writes all of the text to a new file beside the target, so that no reader sees a part of it. */
function writeBeside(folders: OwnFolders, file: string, text: string, suffix: string): string {
  const draft = `${file}.${suffix}.tmp`;
  try {
    inFolder(folders, draft, () =>
      patiently(() => fs.writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })),
    );
  } catch (error) {
    discard(draft); // a full disk creates the file but not its content
    throw error;
  }
  return draft;
}

/**
 * `rmSync()` would load code for folders, which takes 3 ms. A draft that another program holds is
 * removed by a sender a day later.
 */
function discard(draft: string): void {
  try {
    patiently(() => fs.unlinkSync(draft));
  } catch {
    return; // it was never created, or it stays until a sender removes it
  }
}

/**
 * {@link Files} on the real disk. No call waits for anything but the disk.
 *
 * @param uniqueSuffix - gives the drafts of concurrent writers different names
 */
export function nodeFiles(uniqueSuffix: () => string): Files {
  const folders = ownFolders();
  const checked = (file: string): string => {
    folders.check(folderOf(file));
    return file;
  };
  return {
    ...folders,
    read: (file, owner = effectiveUser()) =>
      ifThere(file, OWN, (fd) => {
        if (owner !== undefined && fs.fstatSync(fd).uid !== owner) throw refused(file);
        return readFile(fd);
      }),
    readAny: (file) => ifThere(file, NEVER_BLOCK, readFile),
    list: (folder) => unless(GONE, [], () => fs.readdirSync(folder)),
    append: (file, text) =>
      inFolder(folders, file, () => withOpen(file, TO_APPEND, (fd) => writeWhole(file, fd, text))),
    extend: (file, text) =>
      // ELOOP: somebody has put a link in its place.
      unless([...GONE, 'ELOOP'], false, () =>
        withOpen(checked(file), TO_EXTEND, (fd) => (writeWhole(file, fd, text), true)),
      ),
    replace(file, text) {
      const draft = writeBeside(folders, file, text, uniqueSuffix());
      try {
        patiently(() => fs.renameSync(draft, file));
      } catch (error) {
        discard(draft);
        throw error;
      }
    },
    create(file, text) {
      const draft = writeBeside(folders, file, text, uniqueSuffix());
      try {
        // link() fails if the name is taken, and the new file has its text at once. With
        // open('wx'), a reader could see an empty file before the write.
        return unless(['EEXIST'], false, () => (patiently(() => fs.linkSync(draft, file)), true));
      } catch (error) {
        // Systems without links say so by many codes, such as EACCES, EXDEV, EINVAL and EISDIR.
        if (isCode(error, 'ENOSPC')) throw error;
        return unless(
          ['EEXIST'],
          false,
          () => (fs.copyFileSync(draft, file, fs.constants.COPYFILE_EXCL), true),
        );
      } finally {
        discard(draft);
      }
    },
    rename: (from, to) =>
      unless(['ENOENT'], false, () => (patiently(() => fs.renameSync(checked(from), to)), true)),
    remove: (file) =>
      unless(GONE, false, () => (patiently(() => fs.unlinkSync(checked(file))), true)),
    stat(file) {
      const found = unless(['ENOTDIR'], undefined, () =>
        fs.lstatSync(file, { throwIfNoEntry: false }),
      );
      const user = effectiveUser();
      return (
        found && {
          bytes: found.size,
          modifiedMs: found.mtimeMs,
          uid: found.uid,
          isForeign: user !== undefined && user !== found.uid,
        }
      );
    },
    touch(file) {
      const now = new Date();
      fs.lutimesSync(checked(file), now, now);
    },
    realPath: (file) => fs.realpathSync.native(file),
  };
}
