import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import process from 'node:process';

/** A part of this package that is a file beside the one that runs. */
export type PartName = 'setup' | 'exit' | 'deferred' | 'sender';

/** Names the build that a part belongs to: an update may have replaced the files of one that runs. */
declare const HEADCOUNT_BUILD: string;

/** Where a part lies, unless a bundler has left it behind. A bundle may not know its folder. */
export function partPath(name: PartName): string | undefined {
  const folder = import.meta.dirname as string | undefined;
  return folder === undefined ? undefined : `${folder}/${name}.cjs`;
}

/** A pipe of that name would block the thread for ever. */
const TO_READ = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0);

/** Opens the part's file, whatever is in it; `undefined` where there is none. */
export function openPart(name: PartName): number | undefined {
  const file = partPath(name);
  try {
    return file === undefined ? undefined : fs.openSync(file, TO_READ);
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

/** What the entry for bundlers, `dist/bundled.js`, brings along: brotli, as base64. */
interface Bundled {
  /** All parts of the host's, as JSON by their names. */
  readonly host: () => string;
  readonly sender: () => string;
}
const BUNDLED = Symbol.for(`headcount/parts ${HEADCOUNT_BUILD}`);

/** The part's text out of the bundle, where a bundler put it in. */
export function bundledPart(name: PartName): string | undefined {
  const bundled = (globalThis as { [BUNDLED]?: Bundled })[BUNDLED];
  if (bundled === undefined) return undefined;
  if (name === 'sender') return unpacked(bundled.sender());
  // The cast: the build has put all of them in.
  return (JSON.parse(unpacked(bundled.host())) as Record<PartName, string>)[name];
}

function unpacked(text: string): string {
  const { brotliDecompressSync } = process.getBuiltinModule('node:zlib');
  return brotliDecompressSync(Buffer.from(text, 'base64')).toString('utf8');
}
