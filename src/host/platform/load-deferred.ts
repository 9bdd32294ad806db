import fs from 'node:fs';
import process from 'node:process';
import type { Deferred } from '../host-platform.js';
import { bundledPart, isPart, openPart, partPath, readPart } from './package-part.js';

let loaded: Deferred | undefined;

/**
 * Loads `dist/deferred.cjs`, once. Not by `require`: that takes twice as long, and a context of
 * `node:vm` has none.
 */
export function loadDeferred(): Deferred | undefined {
  return (loaded ??= load());
}

function load(): Deferred | undefined {
  try {
    const text = textOf();
    if (text === undefined) return undefined;
    const { Script } = process.getBuiltinModule('node:vm');
    const script = new Script(`(function (module) {${text}\n})`, {
      filename: partPath('deferred'),
    });
    // The casts: the text is that of this build, which begins with its mark.
    const define = script.runInThisContext() as (module: { exports?: Deferred }) => void;
    const module: { exports?: Deferred } = {};
    define(module);
    return module.exports;
  } catch {
    return undefined; // no memory, no disk: the little that needs it is left undone
  }
}

function textOf(): string | undefined {
  const fd = openPart('deferred');
  if (fd === undefined) return bundledPart('deferred');
  try {
    return isPart('deferred', fd) ? readPart(fd) : bundledPart('deferred');
  } finally {
    fs.closeSync(fd);
  }
}
