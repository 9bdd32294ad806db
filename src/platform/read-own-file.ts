import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const MAX_BYTES = 4 * 1024;
/** Windows has neither flag, whatever the types say. */
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 }: Partial<typeof fs.constants> = fs.constants;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * The text of a small file that only this user can have written: a regular file, no link, owned by
 * the effective user and not writable by others, in a folder of which the same is true. On Windows,
 * which has neither owner nor mode, the folder's rights alone protect it. Never throws.
 */
export function readOwnFile(file: string): string | undefined {
  try {
    if (!fs.lstatSync(file).isFile() || !isOwn(fs.lstatSync(path.dirname(file)))) return undefined;
    const fd = fs.openSync(file, fs.constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const stats = fs.fstatSync(fd);
      const isSmall = stats.isFile() && stats.size <= MAX_BYTES;
      return isSmall && isOwn(stats) ? readSmall(fd) : undefined;
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return undefined; // removed meanwhile, or not for this user
  }
}

function isOwn(stats: fs.Stats): boolean {
  if (process.platform === 'win32') return true;
  return stats.uid === process.geteuid?.() && (stats.mode & WRITABLE_BY_OTHERS) === 0;
}

function readSmall(fd: number): string {
  const bytes = Buffer.alloc(MAX_BYTES);
  return bytes.toString('utf8', 0, fs.readSync(fd, bytes, 0, MAX_BYTES, 0));
}
