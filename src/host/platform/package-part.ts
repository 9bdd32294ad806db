import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import process from 'node:process';

/** A part of this package, in a file beside the running one. */
export type PartName = 'setup' | 'exit' | 'deferred' | 'sender';
/** The texts of all parts, packed for bundles. */
type PackedParts = 'parts';

/** Identifies a part's build: an update may replace the files while the app runs. */
declare const HEADCOUNT_BUILD: string;
/** Set by the build: `cjs` in CommonJS, where a bundler finds the packed parts by `require`. */
declare const HEADCOUNT_FORMAT: string;
declare const require: (file: string) => unknown;

/** The path of a part. A bundler may have left the file out, or the bundle's folder is unknown. */
export function partPath(name: PartName | PackedParts): string | undefined {
  const folder = import.meta.dirname as string | undefined;
  return folder === undefined ? undefined : `${folder}/${name}.cjs`;
}

/** Without O_NONBLOCK, opening a pipe of that name would block the thread for ever. */
const TO_READ = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0);

/** Opens the part's file without checking its content; `undefined` if there is no file. */
export function openPart(name: PartName | PackedParts): number | undefined {
  const file = partPath(name);
  try {
    return file === undefined ? undefined : fs.openSync(file, TO_READ);
  } catch {
    return undefined; // this is a bundle, or the app's files were deleted
  }
}

/** Whether an opened file is the part of this build. Any other file must never run. */
export function isPart(name: PartName | PackedParts, fd: number): boolean {
  const mark = `/*! headcount ${name} ${HEADCOUNT_BUILD} */`;
  const head = Buffer.alloc(mark.length);
  fs.readSync(fd, head, 0, head.length, 0);
  return head.toString('latin1') === mark;
}

/** The text of an opened part. Does not move the descriptor's position. */
export function readPart(fd: number): string {
  const content = Buffer.alloc(fs.fstatSync(fd).size);
  fs.readSync(fd, content, 0, content.length, 0);
  return content.toString('utf8');
}

/** The texts of the parts in a bundle, from `dist/parts.cjs`. */
type Bundled = (name: PartName) => string;
const BUNDLED = Symbol.for(`headcount/parts ${HEADCOUNT_BUILD}`);

/** The part's text from the bundle, if a bundler included it. */
export function bundledPart(name: PartName): string | undefined {
  // A file that is there is of a package that was replaced: nothing of it must run. The entry for
  // bundlers has imported the packed parts.
  if (!bundled() && !fs.existsSync(partPath(name) ?? '')) loadPacked();
  return bundled()?.(name);
}

const bundled = (): Bundled | undefined => (globalThis as { [BUNDLED]?: Bundled })[BUNDLED];

/** What copies the files that a program imports (`@vercel/nft`) copies the packed parts alone. */
function loadPacked(): void {
  if (HEADCOUNT_FORMAT === 'cjs') {
    try {
      require('./parts.cjs');
    } catch {
      return; // the app's files were deleted
    }
    return;
  }
  const fd = openPart('parts');
  if (fd === undefined) return;
  try {
    const { Script } = process.getBuiltinModule('node:vm');
    if (isPart('parts', fd)) new Script(readPart(fd)).runInThisContext();
  } finally {
    fs.closeSync(fd);
  }
}
