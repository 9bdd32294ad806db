import { describe, expect, it } from 'vitest';
import { createCommitQueue, QueueFullError } from '../../src/journal/commit-queue.js';
import type { Commit } from '../../src/journal/journal-writer.js';

/** A disk whose commits end when the test says so. */
function createDisk() {
  const commits: Commit[] = [];
  let finish: ((error?: Error) => void) | undefined;
  let position = 0;
  return {
    commits,
    commit: (commit: Commit) =>
      new Promise<number>((resolve, reject) => {
        commits.push(commit);
        finish = (error) => {
          if (error !== undefined) reject(error);
          else resolve((position += commit.bodies.length));
        };
      }),
    finish: async (error?: Error) => {
      finish?.(error);
      await new Promise(setImmediate);
    },
  };
}

const limits = { maxReports: 4, maxCharacters: 100 };

describe('the commit queue', () => {
  it('commits at once when idle, and all that was queued meanwhile next', async () => {
    const disk = createDisk();
    const positions: number[] = [];
    const queue = createCommitQueue(disk.commit, limits, (position) => positions.push(position));
    const first = queue.append(['a']);
    const others = [queue.append(['b', 'c']), queue.append(['d'])];
    expect(disk.commits).toEqual([{ bodies: ['a'], forgetUpTo: 0 }]);
    expect(queue.waitingReports).toBe(3);
    await disk.finish();
    await first;
    expect(disk.commits[1]).toEqual({ bodies: ['b', 'c', 'd'], forgetUpTo: 0 });
    await disk.finish();
    await Promise.all(others);
    await queue.idle();
    expect(positions).toEqual([1, 4]);
  });

  it('acknowledges nothing before its commit has ended', async () => {
    const disk = createDisk();
    const queue = createCommitQueue(disk.commit, limits, () => undefined);
    let isAcknowledged = false;
    const append = queue.append(['a']).then(() => (isAcknowledged = true));
    await new Promise(setImmediate);
    expect(isAcknowledged).toBe(false);
    await disk.finish();
    await append;
  });

  it('refuses what is more than it may hold, by reports and by size, and goes on', async () => {
    const disk = createDisk();
    const queue = createCommitQueue(disk.commit, limits, () => undefined);
    const first = queue.append(['in flight']);
    const second = queue.append(['a', 'b', 'c']);
    await expect(queue.append(['d', 'e'])).rejects.toThrow(QueueFullError);
    await expect(queue.append(['x'.repeat(101)])).rejects.toThrow(QueueFullError);
    const third = queue.append(['d']);
    await disk.finish();
    await disk.finish();
    await Promise.all([first, second, third]);
    expect(disk.commits.flatMap(({ bodies }) => bodies)).toEqual(['in flight', 'a', 'b', 'c', 'd']);
  });

  it('rejects every append of a commit that failed, and goes on', async () => {
    const disk = createDisk();
    const queue = createCommitQueue(disk.commit, limits, () => undefined);
    const failing = Promise.allSettled([queue.append(['a'])]);
    await disk.finish(new Error('full'));
    expect((await failing)[0]).toMatchObject({ status: 'rejected', reason: { message: 'full' } });
    const next = queue.append(['b']);
    await disk.finish();
    await next;
  });

  it('removes what is counted along with the next commit, or by itself', async () => {
    const disk = createDisk();
    const queue = createCommitQueue(disk.commit, limits, () => undefined);
    queue.forget(3);
    expect(disk.commits).toEqual([{ bodies: [], forgetUpTo: 3 }]);
    const append = queue.append(['a']);
    queue.forget(5);
    queue.forget(4);
    await disk.finish();
    expect(disk.commits[1]).toEqual({ bodies: ['a'], forgetUpTo: 5 });
    await disk.finish();
    await append;
    queue.forget(5);
    await queue.idle();
    expect(disk.commits).toHaveLength(2);
  });
});
