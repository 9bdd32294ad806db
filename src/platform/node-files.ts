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
function writeInFolder<T>({ check }: OwnFolders, file: string, write: () => T): T {
  const folder = folderOf(file);
  try {
    // An open that fails takes longer than all of the looks.
    if (check(folder)) return write();
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
  makeFolder(folder);
  check(folder);
  return write();
}

/** A new home needs five. */
const MAX_NEW_FOLDERS = 16;

/**
 * Makes a folder and the missing ones above it, each at most once. A recursive `mkdir()` never
 * returns if the system says ENOENT although the folder above is there, as in a deleted one.
 */
function makeFolder(folder: string, levels = MAX_NEW_FOLDERS): void {
  // The first call of node:path takes longer than making the folder.
  const parent = (!folder.includes('\\') && folderOf(folder)) || path.dirname(folder);
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
  let bytes = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let total = 0; ;) {
    const read = readAt(fd, bytes, total);
    if (read === 0) return bytes.toString('utf8', 0, total);
    total += read;
    if (total > MAX_READ_BYTES) throw codedError('EFBIG', 'too large');
    if (total === bytes.length) bytes = Buffer.concat([bytes], total * 2);
  }
}

function readAt(fd: number, bytes: Buffer, at: number): number {
  try {
    return fs.readSync(fd, bytes, at, bytes.length - at, at);
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

/** The calls that replace, create and touch whole files, which a first report does not need. */
export type WholeFiles = Pick<Files, 'replace' | 'create' | 'touch'>;

/** What {@link WholeFiles} share with the other calls. */
export interface FileTools {
  /** Runs a call. Returns `otherwise` if it fails with one of these codes. */
  readonly unless: <T>(codes: string[], otherwise: T, call: () => T) => T;
  readonly patiently: <T>(call: () => T) => T;
  /** Writes a file of a folder that passes the check. Makes the folder if there is none. */
  readonly inFolder: <T>(file: string, write: () => T) => T;
  /** The same file, if its folder passes the check. */
  readonly checked: (file: string) => string;
}

/**
 * {@link Files} on the real disk. No call waits for anything but the disk.
 *
 * @param wholeFiles - called once, when it is first needed. `undefined`: it cannot be loaded
 */
export function nodeFiles(wholeFiles: (tools: FileTools) => WholeFiles | undefined): Files {
  const folders = ownFolders();
  const checked = (file: string): string => {
    folders.check(folderOf(file));
    return file;
  };
  const inFolder: FileTools['inFolder'] = (file, write) => writeInFolder(folders, file, write);
  let made: WholeFiles | undefined;
  function whole(): WholeFiles {
    made ??= wholeFiles({ unless, patiently, inFolder, checked });
    if (!made) throw codedError('EIO', 'the files of headcount are missing');
    return made;
  }
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
      inFolder(file, () => withOpen(file, TO_APPEND, (fd) => writeWhole(file, fd, text))),
    extend: (file, text) =>
      // ELOOP: somebody has put a link in its place.
      unless([...GONE, 'ELOOP'], false, () =>
        withOpen(checked(file), TO_EXTEND, (fd) => (writeWhole(file, fd, text), true)),
      ),
    replace: (file, text) => whole().replace(file, text),
    create: (file, text) => whole().create(file, text),
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
    touch: (file) => whole().touch(file),
    realPath: (file) => fs.realpathSync.native(file),
  };
}
