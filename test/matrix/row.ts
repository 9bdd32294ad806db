import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, run } from './app.js';
import { MATRIX_TOOLS, tool } from './tools.js';

/** A runtime, a bundler whose bundle a runtime runs, or a framework. */
export interface Row {
  readonly name: string;
  readonly version: string;
  /** How a short program's report leaves. */
  readonly sends: 'exit process' | 'exitBudgetMs, or close()' | 'flush()';
  /** Fails unless all that the table promises holds. */
  check(app: App, home: string): Promise<void>;
}

/** The two module systems, by the extension of a file. */
export type Form = 'mjs' | 'cjs';

/** The version of an installed package. */
export const versionOf = (name: string): string =>
  (
    JSON.parse(readFileSync(tool(`${name}/package.json`), 'utf8')) as { version: string }
  ).version.replace('v', '');

/** Runs a tool in the app's folder. A warning of a tool is a failure: the author would see it. */
export async function build(app: App, command: readonly string[]): Promise<void> {
  const { code, output } = await run(command, app.folder, { HOME: app.folder, CI: '1' });
  if (code !== 0 || /warning/i.test(output)) throw new Error(`${command.join(' ')}\n${output}`);
}

/** Runs a module that calls a tool, where the tool is installed. */
export async function script(app: App, code: string): Promise<void> {
  const file = join(MATRIX_TOOLS, `build-${process.hrtime.bigint()}.mjs`);
  writeFileSync(file, code);
  try {
    await build(app, [process.execPath, file]);
  } finally {
    rmSync(file);
  }
}
