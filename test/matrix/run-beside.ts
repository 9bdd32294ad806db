import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';
import { run } from './app.js';
import { MATRIX_TOOLS, nodeOf } from './tools.js';

/** Runs code beside the installed tools, and gives what it has printed. */
export async function runBeside(code: string): Promise<string> {
  const file = join(MATRIX_TOOLS, `edge-${process.hrtime.bigint()}.mjs`);
  writeFileSync(file, code);
  onTestFinished(() => rmSync(file));
  const { code: exitCode, output } = await run([nodeOf('26'), file], MATRIX_TOOLS, {
    HOME: tempFolder('home'),
  });
  expect({ exitCode, output }).toEqual({ exitCode: 0, output });
  return output;
}
