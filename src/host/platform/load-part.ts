import fs from 'node:fs';
import process from 'node:process';
import { ownOnly } from '../../own-only.js';
import type { DeferredPart, ExitPart, SetupPart } from '../host-platform.js';
import { bundledPart, isPart, openPart, partPath, readPart } from './package-part.js';

const HOST_PARTS = ['setup', 'exit', 'deferred'] as const;
type HostPart = (typeof HOST_PARTS)[number];

/** `null`: it is missing, and is not tried again. */
const loaded: Partial<Record<HostPart, object | null | undefined>> = ownOnly({});
/** Descriptors that were opened ahead. */
const kept = new Map<HostPart, number>();
let keepers = 0;

export const loadSetup = (): SetupPart | undefined => load('setup') as SetupPart | undefined;
export const loadExit = (): ExitPart | undefined => load('exit') as ExitPart | undefined;
export const loadDeferred = (): DeferredPart | undefined =>
  load('deferred') as DeferredPart | undefined;

/** Opens the parts, so that they can be loaded even if an update deletes or replaces the files. */
export function keepParts(): void {
  keepers += 1;
  for (const name of HOST_PARTS) {
    const fd = loaded[name] || kept.has(name) ? undefined : openPart(name);
    if (fd !== undefined) kept.set(name, fd);
  }
}

/** Closes what {@link keepParts} has opened, when as many callers have let go as have kept. */
export function letPartsGo(): void {
  keepers -= 1;
  if (keepers > 0) return;
  kept.forEach((fd) => fs.closeSync(fd));
  kept.clear();
}

/**
 * Loads a part of the host's code, once. `require` would take twice as long, and contexts of
 * `node:vm` have none.
 */
function load(name: HostPart): object | undefined {
  const part = (loaded[name] ??= evaluate(name));
  // A file that is there may be readable later: the process may have had no descriptor left.
  if (!part && !fs.existsSync(partPath(name) ?? '')) loaded[name] = null;
  return part ?? undefined;
}

function evaluate(name: HostPart): object | undefined {
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

function textOf(name: HostPart): string | undefined {
  const fd = kept.get(name) ?? openPart(name);
  if (fd === undefined) return bundledPart(name);
  try {
    return isPart(name, fd) ? readPart(fd) : bundledPart(name);
  } finally {
    if (fd !== kept.get(name)) fs.closeSync(fd);
  }
}
