import fs from 'node:fs';
import { bundledPart, isPart, openPart, partPath, readPart } from './package-part.js';

/** The sender's code: open while the app may still need it, even if its file is deleted. */
export interface SenderFile {
  /** Opens it, where it is a file of its own. */
  open(): void;
  close(): void;
  /** Its text. */
  text(): string | undefined;
  /** Its path, while that leads to it. */
  path(): string | undefined;
  /** A descriptor for a child's standard input; the caller closes it. */
  descriptor(): number | undefined;
}

/** See {@link SenderFile}. */
export function senderFile(): SenderFile {
  let fd: number | undefined;
  let isTried = false;
  let isChecked = false;

  /** Opened once, and looked into only when it is needed: most programs end without a sender. */
  function opened(): number | undefined {
    if (!isTried) fd = openPart('sender');
    isTried = true;
    return fd;
  }

  /** In a bundle it is not there: then its text is in the bundle. */
  function checked(): number | undefined {
    const file = opened();
    if (file === undefined || isChecked) return file;
    isChecked = true;
    if (isPart('sender', file)) return file;
    fs.closeSync(file);
    return (fd = undefined);
  }

  /** The file's path, unless another file lies there now. */
  function pathTo(file: number): string | undefined {
    const path = partPath('sender');
    if (path === undefined) return undefined;
    const there = fs.statSync(path, { throwIfNoEntry: false });
    return there?.ino === fs.fstatSync(file).ino ? path : undefined;
  }

  return {
    open: () => void opened(),
    close() {
      if (fd !== undefined) fs.closeSync(fd);
      fd = undefined;
      isTried = false;
      isChecked = false;
    },
    text() {
      const file = checked();
      return file === undefined ? bundledPart('sender') : readPart(file);
    },
    path() {
      const file = checked();
      return file === undefined ? undefined : pathTo(file);
    },
    descriptor() {
      const file = checked();
      if (file === undefined) return undefined;
      const path = pathTo(file);
      // A new descriptor has a position of its own; the kept one must stay at the beginning.
      if (path !== undefined) return fs.openSync(path, 'r');
      // The app's files are gone. What was read so far was read by its place: it stands at 0.
      fd = undefined;
      return file;
    },
  };
}
