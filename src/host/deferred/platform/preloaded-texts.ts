import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import path from 'node:path';

/** A larger one takes too long to read at exit. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Whether preloaded libraries contain a name as a text, so that they may read this variable.
 *
 * @throws Error if a library is too large to tell
 */
export function readsOf(libraries: readonly string[]): (name: string) => boolean {
  const contents = libraries.map(contentOf);
  return (name) => contents.some((content) => content.includes(Buffer.from(`${name}\0`)));
}

function contentOf(library: string): Buffer {
  const file = fs.existsSync(library) ? library : loadedFrom(library);
  if (file === undefined) return Buffer.alloc(0); // the loader has not found it either
  if (fs.statSync(file).size > MAX_BYTES) throw new Error('the library is too large');
  return fs.readFileSync(file);
}

/** Where the loader has found a library that was named without its folder, or with `$LIB`. */
function loadedFrom(library: string): string | undefined {
  const name = `/${path.basename(library)}`;
  const maps = fs.readFileSync('/proc/self/maps', 'utf8').split('\n');
  const line = maps.find((mapped) => mapped.includes(name));
  return line?.slice(line.indexOf('/'));
}
