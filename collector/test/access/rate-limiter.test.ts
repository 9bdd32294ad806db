import { describe, expect, it } from 'vitest';
import { createRateLimiter } from '../../src/access/rate-limiter.js';

const limit = { name: 'test', quota: 4, windowSeconds: 2 };

describe('a rate limiter', () => {
  it('allows the whole limit at once, then one each time its share of the window is over', () => {
    let now = 1000;
    const { take } = createRateLimiter(limit, () => now);
    const left = Array.from({ length: 4 }, () => take('a').remaining);
    expect(left).toEqual([3, 2, 1, 0]);
    expect(take('a')).toMatchObject({
      isAllowed: false,
      remaining: 0,
      resetMs: 2000,
      retryAfterMs: 500,
    });
    now += 499;
    expect(take('a').isAllowed).toBe(false);
    now += 1;
    expect(take('a')).toMatchObject({ isAllowed: true, remaining: 0 });
    expect(take('a').isAllowed).toBe(false);
    now += 2000;
    expect(take('a')).toMatchObject({ isAllowed: true, remaining: 3 });
  });

  it('allows each of the nodes that share it as much as the others', () => {
    let nodes = 1;
    const { take } = createRateLimiter({ ...limit, sharedBy: () => nodes }, () => 0);
    const allowed = (key: string): number =>
      Array.from({ length: 9 }, () => take(key)).filter(({ isAllowed }) => isAllowed).length;
    expect(allowed('a')).toBe(4);
    nodes = 2;
    expect(allowed('b')).toBe(2);
    nodes = 100;
    expect(allowed('c')).toBe(1);
  });

  it('never allows more than the limit and what the time has given back', () => {
    let now = 0;
    const { take } = createRateLimiter({ ...limit, quota: 7 }, () => now);
    let allowed = 0;
    for (let step = 0; step < 1000; step++) {
      now += (step * 37) % 101;
      if (take('a').isAllowed) allowed++;
      expect(allowed).toBeLessThanOrEqual(7 + (7 * now) / 2000 + 1e-6);
    }
    expect(allowed).toBeGreaterThan((7 * now) / 2000 - 1);
  });

  it('gives back what it is told to, and never more than the whole limit', () => {
    let now = 0;
    const { take, giveBack } = createRateLimiter(limit, () => now);
    for (let n = 0; n < 10; n++) {
      expect(take('a')).toMatchObject({ isAllowed: true, remaining: 3 });
      giveBack('a');
    }
    giveBack('unknown');
    take('a');
    now = 10_000;
    giveBack('a');
    const allowed = Array.from({ length: 6 }, () => take('a').isAllowed);
    expect(allowed).toEqual([true, true, true, true, false, false]);
  });

  it('counts each key apart', () => {
    const { take } = createRateLimiter({ ...limit, quota: 1 }, () => 0);
    expect(take('a').isAllowed).toBe(true);
    expect(take('b').isAllowed).toBe(true);
    expect(take('a').isAllowed).toBe(false);
  });

  it('remembers a bounded number of keys, and none for longer than it must', () => {
    let now = 0;
    const limiter = createRateLimiter(limit, () => now, 100);
    for (let n = 0; n < 9_900; n++) limiter.take(`k${n}`);
    expect(limiter.size).toBe(100);
    now = 10_000;
    for (let n = 0; n < 100; n++) limiter.take('same');
    expect(limiter.size).toBe(1);
  });
});
