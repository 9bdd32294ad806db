import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestApp } from './run-app.js';

/** Names a collector in an app's package.json, as authors do. */
export function nameEndpoint({ folder }: Pick<TestApp, 'folder'>, endpoint: string): void {
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...manifest, headcount: { endpoint } }));
}
