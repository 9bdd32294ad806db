import { createHash } from 'node:crypto';
import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Stands before the hash at the end of a backup. SQLite ignores what follows its last page. */
const LABEL = 'headcount-backup sha256:';
const SEAL_BYTES = LABEL.length + 64 + 1;
const CHUNK_BYTES = 1024 ** 2;

/** Appends a hash over a file's content to the file. */
export function seal(path: string): void {
  const file = openSync(path, 'r');
  try {
    appendFileSync(path, `${LABEL}${hashOf(file, fstatSync(file).size)}\n`);
  } finally {
    closeSync(file);
  }
}

/**
 * Whether a file has the seal of a backup.
 *
 * @returns `broken` if the seal does not belong to the content, `none` if there is no seal.
 */
export function checkSeal(path: string): 'intact' | 'broken' | 'none' {
  const file = openSync(path, 'r');
  try {
    const found = readSeal(file);
    if (found === undefined) return 'none';
    return hashOf(file, found.contentBytes) === found.hash ? 'intact' : 'broken';
  } finally {
    closeSync(file);
  }
}

/** Whether a file ends as a backup does. Its content is not read. */
export function isSealed(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    return readSeal(file) !== undefined;
  } finally {
    closeSync(file);
  }
}

function readSeal(file: number): { contentBytes: number; hash: string } | undefined {
  const stats = fstatSync(file);
  if (!stats.isFile() || stats.size < SEAL_BYTES) return undefined;
  const bytes = Buffer.alloc(SEAL_BYTES);
  readSync(file, bytes, 0, SEAL_BYTES, stats.size - SEAL_BYTES);
  const text = bytes.toString('latin1');
  if (!text.startsWith(LABEL)) return undefined;
  return { contentBytes: stats.size - SEAL_BYTES, hash: text.slice(LABEL.length, -1) };
}

function hashOf(file: number, length: number): string {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let at = 0; at < length;) {
    const read = readSync(file, chunk, 0, Math.min(CHUNK_BYTES, length - at), at);
    if (read === 0) break;
    hash.update(chunk.subarray(0, read));
    at += read;
  }
  return hash.digest('hex');
}
