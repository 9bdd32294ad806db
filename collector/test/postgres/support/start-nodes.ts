import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CollectorOptions } from '../../../src/collector-options.js';
import { startCollector, type TestCollector } from '../../support/start-collector.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Two collectors on one store, with one pepper. */
export async function startNodes(
  options: Partial<CollectorOptions> & { readonly store: string },
): Promise<readonly [TestCollector, TestCollector]> {
  const first = await startCollector(options);
  const data = temporaryFolder();
  copyFileSync(join(first.data, 'pepper'), join(data, 'pepper'));
  return [first, await startCollector({ ...options, data })];
}
