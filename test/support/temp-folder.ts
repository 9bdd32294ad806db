import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.js';

/** A new empty folder that is gone after the test. */
export function tempFolder(name = 'test'): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `headcount-${name}-`)));
  onTestFinished(() => removeFolder(folder));
  return folder;
}

/** Removes a folder. A sender that outlives its program may write there still: it is waited for. */
export async function removeFolder(folder: string): Promise<void> {
  await eventually(() => {
    try {
      rmSync(folder, { recursive: true, force: true });
      return true;
    } catch {
      return false;
    }
  }, `${folder} to be removed`);
}
