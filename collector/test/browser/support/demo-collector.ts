import { afterAll, beforeAll } from 'vitest';
import type { CollectorOptions } from '../../../src/collector-options.js';
import { copyDemoData, DEMO_END } from '../../support/demo-data.js';
import { startCollector, type TestCollector } from '../../support/start-collector.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** The name of the project with 90 days of invented people. */
export const PROJECT = 'acme-cli';

export interface DemoCollector extends TestCollector {
  /** Where it listens: `http://127.0.0.1:41234`. */
  readonly address: string;
}

/** One collector with 90 days of invented people for all tests of a file. */
export function shareDemoCollector(options: Partial<CollectorOptions> = {}): () => DemoCollector {
  const undo: (() => void | Promise<void>)[] = [];
  const atEnd = (step: () => void | Promise<void>): unknown => undo.unshift(step);
  let collector: DemoCollector | undefined;
  beforeAll(async () => {
    const data = temporaryFolder(atEnd);
    await copyDemoData(data);
    const started = await startCollector({ data, now: () => DEMO_END, ...options }, atEnd);
    const address = await started.app.listen({ port: 0, host: '127.0.0.1' });
    collector = { ...started, address };
  });
  afterAll(async () => {
    for (const step of undo) await step();
  });
  return () => {
    if (collector === undefined) throw new Error('The collector starts before the first test.');
    return collector;
  };
}
