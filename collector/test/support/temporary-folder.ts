import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Where to leave what must be undone; what came last is undone first. */
export type AtEnd = (undo: () => void | Promise<void>) => void;

/** A folder that is gone after the test. */
export function temporaryFolder(atEnd: AtEnd = onTestFinished): string {
  const path = mkdtempSync(join(tmpdir(), 'headcount-collector-'));
  atEnd(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
