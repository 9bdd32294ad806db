import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Where to leave what must be undone: vitest's `onTestFinished` or `afterAll`. */
export type AtEnd = (undo: () => void | Promise<void>) => void;

/** A folder that is gone after the test. */
export function temporaryFolder(atEnd: AtEnd = onTestFinished): string {
  const path = mkdtempSync(join(tmpdir(), 'headcount-collector-'));
  atEnd(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
