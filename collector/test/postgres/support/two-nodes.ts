import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { CollectorOptions } from '../../../src/collector-options.js';
import type { TestCollector } from '../../support/start-collector.js';
import type { AtEnd } from '../../support/temporary-folder.js';
import { startNodes } from './start-nodes.js';
import { temporarySchema } from './temporary-schema.js';

type Two = readonly [TestCollector, TestCollector];

/** Two collectors on one store, with the same options. */
export async function startTwoNodes(
  options: Partial<CollectorOptions> & { readonly store: string },
  atEnd: AtEnd = onTestFinished,
): Promise<Two> {
  const [first, second] = await startNodes([options, options], atEnd);
  if (first === undefined || second === undefined) throw new Error('There are two.');
  return [first, second];
}

/** Two collectors on one store for all tests of a file. */
export function shareTwoNodes(options: Partial<CollectorOptions> = {}): () => Two {
  const undo: (() => void | Promise<void>)[] = [];
  const atEnd: AtEnd = (step) => void undo.unshift(step);
  let nodes: Two | undefined;
  beforeAll(async () => {
    nodes = await startTwoNodes({ ...options, store: await temporarySchema(atEnd) }, atEnd);
  });
  afterAll(async () => {
    for (const step of undo) await step();
  });
  return () => {
    if (nodes === undefined) throw new Error('The nodes start before the first test.');
    return nodes;
  };
}
