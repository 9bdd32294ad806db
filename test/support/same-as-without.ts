import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createTestApp, type Finished, type RunOptions, type TestApp } from './run-app.js';
import { tempFolder } from './temp-folder.js';

/** An app, and the very same app with a `headcount` that does nothing at all. */
export interface AppPair {
  readonly real: TestApp;
  readonly without: TestApp;
}

const INERT = `
  const nothing = () => undefined;
  const counts = async () => ({ sent: 0, queued: 0, dropped: 0 });
  const createHeadcount = () => ({
    track: nothing, flush: counts, close: counts, status: () => ({}),
  });
  const storage = () => ({});`;
const NAMES = `createHeadcount, track: nothing, memoryStorage: storage, nullStorage: storage,
  fileStorage: storage`;

/** A package of the same name and API that does nothing. */
function inertHeadcount(): string {
  const folder = tempFolder('inert');
  chmodSync(folder, 0o755); // for apps that another user runs
  const exports = { '.': { import: './index.mjs', require: './index.cjs' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'headcount', exports }));
  writeFileSync(join(folder, 'index.cjs'), `${INERT} module.exports = { ${NAMES} };`);
  writeFileSync(
    join(folder, 'index.mjs'),
    `${INERT} const track = nothing; const memoryStorage = storage, nullStorage = storage,
      fileStorage = storage;
     export { createHeadcount, track, memoryStorage, nullStorage, fileStorage };`,
  );
  return folder;
}

/** Lays out both apps of an {@link AppPair}. */
export function createAppPair(files: Record<string, string | object>): AppPair {
  return {
    real: createTestApp(files),
    without: createTestApp(files, { headcount: inertHeadcount() }),
  };
}

/** What everybody can see of a program that ran, but for folder, addresses and pid. */
const visible = (app: TestApp, { code, signal, stdout, stderr }: Finished) => {
  const same = (text: string): string =>
    text
      .replaceAll(app.folder, '<app>')
      .replace(/0x[0-9a-f]+/g, '<address>')
      .replace(/\(node:\d+\)/g, '(node)');
  return { code, signal, stdout: same(stdout), stderr: same(stderr) };
};

const median = (numbers: number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/**
 * How much longer a program may take with Headcount on a machine that does other things too; where
 * the program without it takes longer than that, as long again.
 */
const MARGIN_MS = 400;

/**
 * Runs both apps of a pair in turn, and expects the same exit code, signal and output of each run,
 * and, in the median, about the same time.
 */
export async function expectSameAsWithout(
  { real, without }: AppPair,
  script: string,
  options: RunOptions = {},
  pairs = 3,
): Promise<Finished> {
  const withMs: number[] = [];
  const withoutMs: number[] = [];
  let last: Finished | undefined;
  for (let pair = 0; pair < pairs; pair += 1) {
    const plain = await without.run(script, options);
    last = await real.run(script, options);
    expect(visible(real, last)).toEqual(visible(without, plain));
    withMs.push(last.ms);
    withoutMs.push(plain.ms);
  }
  const times = `with ${withMs.map(Math.round).join(', ')}; without ${withoutMs.map(Math.round).join(', ')}`;
  const marginMs = Math.max(MARGIN_MS, median(withoutMs));
  expect(median(withMs) - median(withoutMs), times).toBeLessThan(marginMs);
  if (!last) throw new Error('no pair was run');
  return last;
}
