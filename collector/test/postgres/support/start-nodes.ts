import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CollectorOptions } from '../../../src/collector-options.js';
import { startCollector, type TestCollector } from '../../support/start-collector.js';
import { type AtEnd, temporaryFolder } from '../../support/temporary-folder.js';

/** Collectors with one pepper, each with options of its own. */
export async function startNodes(
  all: readonly (Partial<CollectorOptions> & { readonly store: string })[],
  atEnd: AtEnd = onTestFinished,
): Promise<readonly TestCollector[]> {
  const nodes: TestCollector[] = [];
  for (const options of all) {
    const data = temporaryFolder(atEnd);
    const [first] = nodes;
    if (first) copyFileSync(join(first.data, 'pepper'), join(data, 'pepper'));
    nodes.push(await startCollector({ ...options, data }, atEnd));
  }
  return nodes;
}
