import fs from 'node:fs';
import process from 'node:process';
import type { NoChildReason } from '../../../platform/platform.js';
import type { SenderFile } from '../../platform/sender-file.js';
import { openDescriptors } from './open-descriptors.js';
import { startProcess } from './start-process.js';
import { temporaryCopy } from './temporary-copy.js';

const NOTHING = process.platform === 'win32' ? String.raw`\\.\nul` : '/dev/null';

/** Starts the sender in a process that outlives this one. Returns its pid. Never throws. */
export function startSender(file: SenderFile, job: unknown): number | NoChildReason {
  const ours: number[] = [];
  try {
    const nothing = fs.openSync(NOTHING, 'r+');
    ours.push(nothing);
    const found = file.descriptor();
    if (found !== undefined) ours.push(found);
    const open = openDescriptors(nothing);
    if (!open) return 'descriptors';
    const code = found !== undefined && isReal(found, open) ? found : copyOf(file);
    if (code === undefined) return 'no-sender';
    if (code !== found) ours.push(code);
    return startProcess({ code, nothing, open }, job) ?? 'spawn-failed';
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

function copyOf(file: SenderFile): number | undefined {
  const text = file.text();
  return text === undefined ? undefined : temporaryCopy(text);
}
