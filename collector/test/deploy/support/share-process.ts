import { afterAll, beforeAll } from 'vitest';
import { type CollectorProcess, startProcess } from '../../support/start-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

export interface RunningCollector extends CollectorProcess {
  /** `http://127.0.0.1:<port>`. */
  readonly address: string;
  /** Its data folder. */
  readonly data: string;
}

/** One collector, as a process of its own on a free port, for all tests of a file. */
export function shareProcess(
  args: readonly string[] = [],
  env: Record<string, string> = {},
): () => RunningCollector {
  const undo: (() => void | Promise<void>)[] = [];
  let running: RunningCollector | undefined;
  beforeAll(async () => {
    const atEnd = (step: () => void | Promise<void>): void => void undo.unshift(step);
    const data = temporaryFolder(atEnd);
    const own = ['--port', '0', '--no-announce', '--data', data];
    const process = await startProcess([...own, ...args], env, { atEnd });
    running = { ...process, data, address: await process.url() };
  });
  afterAll(async () => {
    for (const step of undo) await step();
  });
  return () => {
    if (running === undefined) throw new Error('The collector starts before the first test.');
    return running;
  };
}
