import fs from 'node:fs';
import process from 'node:process';
import type { Deferred, Exit, Setup } from '../host-platform.js';
import {
  bundledPart,
  isPart,
  openPart,
  type PartName,
  partPath,
  readPart,
} from './package-part.js';

const loaded: Partial<Record<PartName, object>> = {};
/** The opened exit part. Opened early, because its file may be deleted before it is needed. */
let keptExit: { readonly fd: number; holders: number } | undefined;

/** Keeps {@link loadExit} working until {@link letExitGo}, even if the files are deleted. */
export function keepExit(): void {
  if (keptExit) keptExit.holders += 1;
  else {
    const fd = openPart('exit');
    if (fd !== undefined) keptExit = { fd, holders: 1 };
  }
}

export function letExitGo(): void {
  if (!keptExit || (keptExit.holders -= 1) > 0) return;
  fs.closeSync(keptExit.fd);
  keptExit = undefined;
}

export const loadSetup = (): Setup | undefined => load('setup') as Setup | undefined;
export const loadExit = (): Exit | undefined => load('exit') as Exit | undefined;
export const loadDeferred = (): Deferred | undefined => load('deferred') as Deferred | undefined;

/**
 * Loads a part of the host's code, once. `require` would take twice as long, and a `node:vm`
 * context does not have it.
 */
function load(name: PartName): object | undefined {
  const part = loaded[name] ?? evaluate(name);
  if (part) loaded[name] = part;
  return part;
}

function evaluate(name: PartName): object | undefined {
  try {
    const text = textOf(name);
    if (text === undefined) return undefined;
    const { Script } = process.getBuiltinModule('node:vm');
    const script = new Script(`(function (module) {${text}\n})`, {
      filename: partPath(name) ?? `${name}.cjs`,
    });
    // The casts here and above are safe: the text begins with the mark of this build.
    const define = script.runInThisContext() as (module: { exports?: object }) => void;
    const module: { exports?: object } = {};
    define(module);
    return module.exports;
  } catch {
    return undefined; // no memory or no disk: the caller skips what needs this part
  }
}

function textOf(name: PartName): string | undefined {
  const kept = name === 'exit' ? keptExit?.fd : undefined;
  const fd = kept ?? openPart(name);
  if (fd === undefined) return bundledPart(name);
  try {
    return isPart(name, fd) ? readPart(fd) : bundledPart(name);
  } finally {
    if (fd !== kept) fs.closeSync(fd);
  }
}
