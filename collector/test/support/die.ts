import type { CollectorOptions } from '../../src/collector-options.js';
import { noteWorkers } from './note-workers.js';
import { startCollector, type TestCollector } from './start-collector.js';

/** The collector's threads, in the order in which it starts them. */
export const THREADS = [
  'journal-writer-thread',
  'counting-thread',
  'counts-reader-thread',
  'question-thread',
] as const;

/** One of {@link THREADS}. */
export type ThreadName = (typeof THREADS)[number];

/** No thread expects it: whichever gets it throws, and dies. */
const POISON = null;

/** A collector whose threads can be made to die, as by a mistake of ours in them. */
export async function startMortalCollector(
  options: Partial<CollectorOptions> = {},
): Promise<TestCollector & { letDie(name: ThreadName): Promise<void> }> {
  const { started: collector, workers } = await noteWorkers(() => startCollector(options));
  return {
    ...collector,
    letDie: async (name) => {
      workers[THREADS.indexOf(name)]?.postMessage(POISON);
      await collector.died;
    },
  };
}

/** What `NODE_OPTIONS` of a collector's process must be so that the thread dies on SIGUSR2. */
export function dieOnSignal(name: ThreadName): string {
  const code = `import { isMainThread } from 'node:worker_threads';
    const workers = [];
    process.on('worker', (worker) => workers.push(worker));
    const die = () => workers[${THREADS.indexOf(name)}].postMessage(${POISON});
    if (isMainThread) process.on('SIGUSR2', die);`;
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
}

/** When a process dies as it sets an entry aside: its thread as by a mistake of ours, or all of it. */
export type SkipDeath = 'thread before' | 'thread after' | { readonly killAfterMs: number };

/** What `NODE_OPTIONS` of a collector's process must be so that it dies as it sets an entry aside. */
export function dieAtSkip(death: SkipDeath): string {
  const poison = `post(${POISON});`;
  const kill =
    typeof death === 'object' &&
    `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${death.killAfterMs});`;
  const code = `process.on('worker', (worker) => {
      const post = worker.postMessage.bind(worker);
      worker.postMessage = (message) => {
        const isSkip = message?.operation === 'skip';
        if (isSkip) { ${death === 'thread before' ? poison : ''} }
        post(message);
        if (isSkip) { ${death === 'thread after' ? poison : ''} ${kill || ''} }
      };
    });`;
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
}
