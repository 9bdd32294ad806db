import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import process from 'node:process';

/** A part of this package that is a file beside the one that runs. */
export type PartName = 'setup' | 'exit' | 'deferred' | 'sender';

/** Names the build that a part belongs to: an update may have replaced the files of one that runs. */
declare const HEADCOUNT_BUILD: string;

/** Where a part lies, unless a bundler has left it behind. A bundle may know no folder at all. */
export const partPath = (name: PartName): string =>
  `${(import.meta.dirname as string | undefined) ?? ''}/${name}.cjs`;

/** Opens the part's file, whatever is in it; `undefined` where there is none. */
export function openPart(name: PartName): number | undefined {
  try {
    return fs.openSync(partPath(name), 'r');
  } catch {
    return undefined; // a bundle, or the app's files are gone already
  }
}

/** Whether an opened file is the part of this build: a stranger's file is never run. */
export function isPart(name: PartName, fd: number): boolean {
  const mark = `/*! headcount ${name} ${HEADCOUNT_BUILD} */`;
  const head = Buffer.alloc(mark.length);
  fs.readSync(fd, head, 0, head.length, 0);
  return head.toString('latin1') === mark;
}

/** The text of an opened part. Leaves its position where it is. */
export function readPart(fd: number): string {
  const content = Buffer.alloc(fs.fstatSync(fd).size);
  fs.readSync(fd, content, 0, content.length, 0);
  return content.toString('utf8');
}

/** Where the entry for bundlers, `dist/bundled.js`, leaves the parts: brotli, as base64. */
const BUNDLED = Symbol.for(`headcount/parts ${HEADCOUNT_BUILD}`);

/** The part's text out of the bundle, where a bundler put it in. */
export function bundledPart(name: PartName): string | undefined {
  const packed = (globalThis as { [BUNDLED]?: Record<PartName, () => string> })[BUNDLED];
  if (packed === undefined) return undefined;
  const { brotliDecompressSync } = process.getBuiltinModule('node:zlib');
  return brotliDecompressSync(Buffer.from(packed[name](), 'base64')).toString('utf8');
}
