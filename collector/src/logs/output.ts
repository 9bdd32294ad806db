import { fstatSync, write } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLineQueue, type LineQueue, type LineQueueOptions } from './line-queue.js';

export type { DroppedLines } from './line-queue.js';

/** stdout or stderr of a service: it never blocks, never throws, and never grows without bound. */
export interface Output extends Pick<LineQueue, 'write' | 'dropped'> {
  /**
   * Waits until everything is written, and takes nothing more.
   *
   * @param limitMs - In milliseconds; what is not written then is given up.
   * @returns `false` if the system still holds a write: then only a signal ends the process.
   */
  close(limitMs: number): Promise<boolean>;
}

/** Opens stdout (1) or stderr (2) of this process. */
export function openOutput(fd: 1 | 2, options: Omit<LineQueueOptions, 'write'>): Output {
  let isInSystem = false;
  neverBlock(fd);
  const queue = createLineQueue({
    ...options,
    write: async (bytes) => {
      isInSystem = true;
      return new Promise<number>((resolve, reject) => {
        write(fd, bytes, (error, written) => {
          isInSystem = false;
          if (error === null) resolve(written);
          else reject(error);
        });
      });
    },
  });
  return {
    write: (lines) => queue.write(lines),
    get dropped() {
      return queue.dropped;
    },
    close: async (limitMs) => {
      await queue.close(limitMs);
      return !isInSystem;
    },
  };
}

/**
 * Node makes a pipe that does not block of what is one; a full one then answers at once instead of
 * holding a thread, without which the process could not end. Files are written in such a thread.
 */
function neverBlock(fd: 1 | 2): void {
  const stats = fstatSync(fd);
  if (!stats.isFIFO() && !stats.isSocket()) return;
  const stream = fd === 1 ? process.stdout : process.stderr;
  stream.on('error', () => undefined); // nothing is written through it
}

/** How long the end of the process waits until its outputs are written, in milliseconds. */
const WRITE_AT_END_MS = 500;

/** Lets the process end, whatever its outputs do. It must have nothing else to do. */
export async function endOutputs(outputs: readonly Output[]): Promise<void> {
  // Errors of what was just written are told a moment later.
  await nextTurn();
  const isFree = await Promise.all(outputs.map((output) => output.close(WRITE_AT_END_MS)));
  // Exiting would wait for the thread that writes to a stopped terminal or a lost disk.
  if (isFree.includes(false)) process.kill(process.pid, 'SIGKILL');
}
