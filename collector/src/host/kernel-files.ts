import { readFileSync } from 'node:fs';

/** Reads a file; `undefined` if it cannot be read. */
export type ReadText = (path: string) => string | undefined;

/**
 * Reads a file of `/proc` or `/sys`, which the kernel answers from memory. At once rather than in
 * the pool of threads, all of which a lost disk may hold.
 */
export const readKernelFile: ReadText = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // another system, an older kernel, or a container that hides it
  }
};

/** The value of a line such as `MemTotal: 24683652 kB` or `inactive_file 4096`. */
export function numberAfter(text: string | undefined, key: string): number | undefined {
  const line = text
    ?.split('\n')
    .find((one) => one.startsWith(`${key}:`) || one.startsWith(`${key} `));
  return toNumber(
    line
      ?.slice(key.length + 1)
      .trim()
      .split(/\s+/)[0],
  );
}

/** A number that is the whole text; `undefined` for anything else, such as `max`. */
export function toNumber(text: string | undefined): number | undefined {
  const trimmed = text?.trim();
  return trimmed !== undefined && /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : undefined;
}
