import { afterAll, beforeAll } from 'vitest';
import { startCollector, type TestCollector } from './start-collector.js';

/** One collector for all tests of a file, for those that change nothing or keep to a project of their own. */
export function shareCollector(): () => TestCollector {
  const undo: (() => void | Promise<void>)[] = [];
  let collector: TestCollector | undefined;
  beforeAll(async () => {
    collector = await startCollector({}, (step) => undo.unshift(step));
  });
  afterAll(async () => {
    for (const step of undo) await step();
  });
  return () => {
    if (collector === undefined) throw new Error('The collector starts before the first test.');
    return collector;
  };
}
