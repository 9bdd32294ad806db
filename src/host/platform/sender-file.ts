import fs from 'node:fs';
import { bundledPart, isPart, openPart, partPath, readPart } from './package-part.js';

/** The sender's code. The file stays open while the app may need it, even if it is deleted. */
export interface SenderFile {
  /** Opens the file, if there is one. */
  open(): void;
  close(): void;
  /** The sender's text. */
  text(): string | undefined;
  /** The file's path, unless another file has replaced it. */
  path(): string | undefined;
  /** A descriptor for a child's standard input; the caller closes it. */
  descriptor(): number | undefined;
}

/** See {@link SenderFile}. */
export function senderFile(): SenderFile {
  let fd: number | undefined;
  /** It was deleted, or another file has replaced it. */
  let isForeign = false;
  let isChecked = false;

  /** Opens the file without checking it: most programs end without a sender. */
  function opened(): number | undefined {
    // Again after a failure: the process may have had no descriptor left.
    if (!isForeign) fd ??= openPart('sender');
    return fd;
  }

  /** The checked file; `undefined` in a bundle, which contains the sender's text itself. */
  function checked(): number | undefined {
    const file = opened();
    if (file === undefined || isChecked) return file;
    isChecked = true;
    if (isPart('sender', file)) return file;
    fs.closeSync(file);
    isForeign = true;
    return (fd = undefined);
  }

  /** The path of an opened file, unless another file has replaced it. */
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
      isForeign = false;
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
      // Opens it again, since a child moves its descriptor's position: ours must stay at 0.
      if (path !== undefined) return fs.openSync(path, 'r');
      // The app's files were deleted. All reads gave a position, so the descriptor is still at 0.
      fd = undefined;
      isForeign = true;
      return file;
    },
  };
}
