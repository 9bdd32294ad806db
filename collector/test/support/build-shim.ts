import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiles a library that is put between a process and the system by `LD_PRELOAD`. */
export function buildShim(source: string, folder: string): string {
  const shim = join(folder, 'shim.so');
  const file = fileURLToPath(new URL(`../faults/${source}`, import.meta.url));
  execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', shim, file, '-ldl']);
  return shim;
}
