import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyDemoData } from '../../support/demo-data.js';
import { SCREENSHOTS } from './screenshots.js';

/**
 * Installs what is missing, fills the folder that the tests copy, and removes old screenshots. What
 * cannot be had fails the whole run: nothing is skipped.
 */
export default async function setup(): Promise<void> {
  const path = '../../../../scripts/install-browser-tools.sh';
  const script = fileURLToPath(new URL(path, import.meta.url));
  execFileSync(script, { stdio: ['ignore', 'ignore', 'inherit'] });
  rmSync(SCREENSHOTS, { recursive: true, force: true });
  // Before the tests, which run at the same time: one of them fills, the others copy.
  const folder = mkdtempSync(join(tmpdir(), 'headcount-browser-'));
  await copyDemoData(folder);
  rmSync(folder, { recursive: true });
}
