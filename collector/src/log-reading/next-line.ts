import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 64 * 1024;

const NEWLINE = 10;

/** Where the first line begins that begins at a place of a file or behind it; `undefined` if none does. */
export async function nextLine(handle: FileHandle, from: number): Promise<number | undefined> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let at = from - 1; ;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, at);
    if (bytesRead === 0) return undefined;
    const newline = chunk.subarray(0, bytesRead).indexOf(NEWLINE);
    if (newline !== -1) return at + newline + 1;
    at += bytesRead;
  }
}
