import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createGate } from '../../src/intake/inflate.js';

describe('a gate', () => {
  it('lets so many pass at a time, in order, also after one has failed', async () => {
    const pass = createGate(3);
    const begun: number[] = [];
    let inside = 0;
    let most = 0;
    const work = (n: number) => async (): Promise<number> => {
      begun.push(n);
      most = Math.max(most, ++inside);
      await turn();
      inside--;
      if (n % 2 === 1) throw new Error(`${n}`);
      return n;
    };
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    const results = await Promise.allSettled(numbers.map((n) => pass(work(n))));
    expect(begun).toEqual(numbers);
    expect(most).toBe(3);
    for (const [n, result] of results.entries()) {
      expect(result.status).toBe(n % 2 === 1 ? 'rejected' : 'fulfilled');
    }
    expect(await pass(work(20))).toBe(20);
  });
});
