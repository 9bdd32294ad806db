import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from './temp-folder.js';

/** Compiles C code to a program, or to a library that a process can be made to load. */
export function compiled(code: string, as: 'program' | 'library', name = 'compiled'): string {
  const folder = tempFolder('compiled');
  const source = join(folder, `${name}.c`);
  const file = join(folder, as === 'library' ? `${name}.so` : name);
  writeFileSync(source, `#define _GNU_SOURCE\n${code}`);
  const flags = as === 'library' ? ['-shared', '-fPIC'] : [];
  execFileSync('gcc', [...flags, '-o', file, source]);
  return file;
}
