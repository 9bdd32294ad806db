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
/** Opened ahead: its file may be deleted before it is needed. */
let keptExit: { readonly fd: number; holders: number } | undefined;

/** Makes sure that {@link loadExit} works until {@link letExitGo}, whatever happens to the files. */
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
 * Loads a part of the host's code, once. Not by `require`: that takes twice as long, and a context
 * of `node:vm` has none.
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
    // The casts here and above: the text is that of this build, which begins with its mark.
    const define = script.runInThisContext() as (module: { exports?: object }) => void;
    const module: { exports?: object } = {};
    define(module);
    return module.exports;
  } catch {
    return undefined; // no memory, no disk: the little that needs it is left undone
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
