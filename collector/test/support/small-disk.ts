import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../../src/has-code.js';
import { type AtEnd, temporaryFolder } from './temporary-folder.js';

/** A disk of its own, in memory. */
export interface SmallDisk {
  readonly path: string;
  /** Fills it with so many bytes, or until it is full. */
  fill(bytes?: number): void;
  /** Takes everything away that filled it. */
  makeRoom(): void;
}

const MIB = 1024 ** 2;

/** Mounts a disk of so many MiB; it is gone at the end. */
export function mountSmallDisk(mib: number, atEnd: AtEnd): SmallDisk {
  const path = temporaryFolder(atEnd);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m,mode=700`, 'tmpfs', path]);
  atEnd(() => void execFileSync('umount', ['--lazy', path]));
  const file = join(path, 'fill');
  return {
    path,
    fill: (bytes = Infinity) => {
      const fd = openSync(file, 'a');
      try {
        // The last page at the end, so that no part of one is left.
        for (const size of [MIB, 4096]) writeUntilFull(fd, size, bytes);
      } finally {
        closeSync(fd);
      }
    },
    makeRoom: () => rmSync(file),
  };
}

function writeUntilFull(fd: number, size: number, bytes: number): void {
  const block = Buffer.alloc(size);
  try {
    for (let written = 0; written < bytes; written += size) writeSync(fd, block);
  } catch (error) {
    if (!hasCode(error, 'ENOSPC')) throw error;
  }
}
