import { describe, expect, it } from 'vitest';
import { createCommitTimes } from '../../src/counting/commit-times.js';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 29) + seconds * 1000);

describe('since when entries wait', () => {
  it('is when the oldest came that is not counted, after a time without any too', () => {
    const times = createCommitTimes();
    times.add(1, at(0));
    times.forget(1);
    expect(times.oldest).toBeNull();
    // A minute later; the first is counted while others come.
    times.add(2, at(62));
    times.add(5, at(67));
    times.forget(2);
    expect(times.oldest).toEqual(at(67));
    // Of a commit of which a part is counted, the rest is as old.
    times.forget(4);
    expect(times.oldest).toEqual(at(67));
    times.forget(5);
    expect(times.oldest).toBeNull();
  });

  it('stays as it is when nothing came since', () => {
    const times = createCommitTimes();
    times.add(3, at(0));
    times.add(3, at(60));
    times.forget(2);
    expect(times.oldest).toEqual(at(0));
  });

  it('is never later than the truth, and early by a part of the wait, however many came', () => {
    const times = createCommitTimes();
    const last = 100_000;
    for (let n = 1; n <= last; n++) times.add(n, at(n));
    for (const counted of [1, 1000, 50_000, 99_000]) {
      times.forget(counted);
      const early = (at(counted + 1).getTime() - (times.oldest?.getTime() ?? NaN)) / 1000;
      expect(early).toBeGreaterThanOrEqual(0);
      expect(early).toBeLessThan(last / 50);
    }
  });
});
