import { describe, expect, it } from 'vitest';
import { createFairQueue, type FairQueue } from '../../src/stats/fair-queue.js';
import { until } from '../support/until.js';

const LIMITS = { jobs: 6, jobsOfClient: 4, waitMs: 60_000, refuseAfterMs: 0 };

/** Jobs that end when they are told to, and the order in which they began. */
function open(limits: Partial<typeof LIMITS> = {}, workers: readonly string[] = ['one']) {
  const queue: FairQueue<string> = createFairQueue(workers, { ...LIMITS, ...limits });
  const begun: string[] = [];
  const endings: (() => void)[] = [];
  const run = (client: string, name: string): Promise<string> =>
    queue.run(client, async (worker) => {
      begun.push(name);
      await new Promise<void>((resolve) => endings.push(resolve));
      return worker;
    });
  const end = async (count: number): Promise<void> => {
    for (let left = count; left > 0; left -= 1) {
      await until('a question is being answered', () => endings.length > 0);
      endings.shift()?.();
    }
  };
  return { run, begun, end };
}

describe('the queue of questions', () => {
  it('lets clients take turns, however many questions one has', async () => {
    const { run, begun, end } = open();
    const all = ['a1', 'a2', 'a3', 'a4', 'b1', 'c1'].map((name) => run(name.slice(0, 1), name));
    await end(all.length);
    await Promise.all(all);
    expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'a4']);
  });

  it('gives each worker one question at a time', async () => {
    const { run, begun, end } = open({}, ['one', 'two']);
    const all = ['a', 'b', 'c'].map((name) => run(name, name));
    await until('two questions are being answered', () => begun.length > 1);
    expect(begun).toEqual(['a', 'b']);
    await end(all.length);
    expect(await Promise.all(all)).toEqual(['one', 'two', 'one']);
  });

  it('refuses a client’s questions beyond its places, and anybody’s beyond all places', async () => {
    const { run, end } = open();
    const taken = ['a1', 'a2', 'a3', 'a4', 'b1'].map((name) => run(name.slice(0, 1), name));
    await expect(run('a', 'a5')).rejects.toMatchObject({ code: 'busy' });
    taken.push(run('c', 'c1'));
    await expect(run('d', 'd1')).rejects.toMatchObject({ code: 'busy' });
    await end(taken.length);
    await Promise.all(taken);
    const later = ['a6', 'd2'].map((name) => run(name.slice(0, 1), name));
    await end(later.length);
    expect(await Promise.all(later)).toEqual(['one', 'one']);
  });

  it('gives up what has waited too long, and its place with it', async () => {
    const { run, begun, end } = open({ waitMs: 20 });
    const running = run('a', 'a1');
    const waiting = [run('a', 'a2'), run('b', 'b1')];
    for (const one of waiting) await expect(one).rejects.toMatchObject({ code: 'busy' });
    await end(1);
    expect(await running).toBe('one');
    const next = run('b', 'b2');
    await end(1);
    await next;
    expect(begun).toEqual(['a1', 'b2']);
  });

  it('frees the worker and the place of a question that fails', async () => {
    const queue = createFairQueue(['one'], { ...LIMITS, jobs: 1 });
    const fail = queue.run('a', () => Promise.reject(new Error('broken')));
    await expect(fail).rejects.toThrow('broken');
    expect(await queue.run('a', (worker) => Promise.resolve(worker))).toBe('one');
  });
});
