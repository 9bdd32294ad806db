import { describe, expect, it } from 'vitest';
import { createPace } from '../../src/intake/pace.js';

/** A pace whose clock moves by what it waits, and what it has waited. */
function open(counting: { backlog: number; speed: number | undefined }) {
  let now = 1000;
  const held: number[] = [];
  const wait = (ms: number): Promise<void> => {
    held.push(Math.round(ms));
    now += ms;
    return Promise.resolve();
  };
  const pace = createPace({ counting, monotonicMs: () => now, wait });
  return { pace, held, pass: (ms: number) => void (now += ms) };
}

describe('the pace of the intake', () => {
  it('holds up nothing while counting is less than 4 seconds behind', async () => {
    const { pace, held } = open({ backlog: 39_999, speed: 10_000 });
    for (let n = 0; n < 100; n += 1) await pace.admit(500);
    expect(held).toEqual([]);
  });

  it('admits nine tenths of what is counted from then on', async () => {
    const { pace, held } = open({ backlog: 40_000, speed: 10_000 });
    for (let n = 0; n < 5; n += 1) await pace.admit(900);
    // 900 reports are those of 100 ms.
    expect(held).toEqual([100, 100, 100, 100]);
  });

  it('refuses what would be held for more than a second, and takes it later', async () => {
    const { pace, held, pass } = open({ backlog: 40_000, speed: 10_000 });
    await pace.admit(10_000);
    await expect(pace.admit(1)).rejects.toMatchObject({ code: 'busy' });
    pass(200);
    await pace.admit(1);
    expect(held).toEqual([911]);
  });

  it('holds up nothing while counting stands still: the journal keeps the reports', async () => {
    const { pace, held } = open({ backlog: 2_000_000, speed: undefined });
    for (let n = 0; n < 100; n += 1) await pace.admit(500);
    expect(held).toEqual([]);
  });
});
