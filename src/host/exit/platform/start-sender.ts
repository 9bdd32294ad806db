import fs from 'node:fs';
import process from 'node:process';
import type { NoChildReason } from '../../../platform/platform.js';
import type { DeferredPart } from '../../host-platform.js';
import type { SenderFile } from '../../platform/sender-file.js';
import { openDescriptors } from './open-descriptors.js';
import { startProcess } from './start-process.js';

const NOTHING = process.platform === 'win32' ? String.raw`\\.\nul` : '/dev/null';

/**
 * Starts the sender in a process that outlives this one. Returns its pid. Never throws.
 *
 * @param load - loads the part with the code that most hosts do not need
 */
export function startSender(
  file: SenderFile,
  job: unknown,
  load: () => DeferredPart | undefined,
): number | NoChildReason {
  const ours: number[] = [];
  const deferred = (): DeferredPart => {
    const part = load();
    if (!part) throw new Error('the files of headcount are missing');
    return part;
  };
  try {
    const nothing = fs.openSync(NOTHING, 'r+');
    ours.push(nothing);
    const found = file.descriptor();
    if (found !== undefined) ours.push(found);
    const open = openDescriptors(nothing);
    if (!open) return 'descriptors';
    const code = found !== undefined && isReal(found, open) ? found : copyOf(file, deferred);
    if (code === undefined) return 'no-sender';
    if (code !== found) ours.push(code);
    return startProcess({ code, nothing, open }, job, deferred) ?? 'spawn-failed';
  } catch {
    return 'spawn-failed';
  } finally {
    ours.forEach((fd) => fs.closeSync(fd));
  }
}

/** The numbers that Yarn's file system gives to files in archives begin far above this. */
const MAX_REAL = 0xffff;

/** Whether the system knows a descriptor. A replaced `fs` has numbers that only it knows. */
const isReal = (fd: number, open: readonly number[]): boolean =>
  open.length === 0 ? fd <= MAX_REAL : open.includes(fd);

function copyOf(file: SenderFile, deferred: () => DeferredPart): number | undefined {
  const text = file.text();
  return text === undefined ? undefined : deferred().temporaryCopy(text);
}
