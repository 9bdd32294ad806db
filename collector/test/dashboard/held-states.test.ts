import { describe, expect, it, vi } from 'vitest';
import { createHeldStates, MAX_HELD } from '../../src/stats/held-states.js';
import type { DeskSnapshot } from '../../src/stats/desk-snapshot.js';

const NOW = new Date('2026-11-22T21:00:00.000Z');

/** States over a desk that opens one after the other, and tells which are open. */
function open({ fails = false } = {}) {
  const isOpen = new Set<DeskSnapshot>();
  let opened = 0;
  let nowMs = 0;
  const counting = { version: '1', caughtUp: () => Promise.resolve(NOW) };
  const failures: unknown[] = [];
  const desk = {
    openSnapshot: async (): Promise<DeskSnapshot> => {
      await Promise.resolve();
      if (fails) throw new Error('There is no thread.');
      opened++;
      const snapshot: DeskSnapshot = {
        state: null,
        // Nobody asks it.
        store: {} as DeskSnapshot['store'],
        close: () => Promise.resolve(void isOpen.delete(snapshot)),
      };
      isOpen.add(snapshot);
      return snapshot;
    },
  };
  const states = createHeldStates({
    ...{ counting, desk, monotonicMs: () => nowMs },
    refusals: { flush: () => Promise.resolve() },
    store: { state: () => null },
    onFailure: (error) => failures.push(error),
  });
  return {
    states,
    failures,
    open: () => isOpen.size,
    opened: () => opened,
    count: () => (counting.version += '1'),
    pass: (ms: number) => (nowMs += ms),
  };
}

/** Whether a promise is settled once all that can happen has happened. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = (): void => void (settled = true);
  void promise.then(settle, settle);
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe('states that pages hold', () => {
  it('are shared while nothing more is counted', async () => {
    const { states, open: openNow, opened, count } = open();
    const [one, two] = await Promise.all([states.hold('a'), states.hold('b')]);
    expect(one.state).toBe(two.state);
    expect(opened()).toBe(1);
    count();
    const three = await states.hold('a');
    expect(three.state.version).not.toBe(one.state.version);
    one.release();
    one.release();
    await expect.poll(openNow).toBe(2);
    two.release();
    three.release();
    await expect.poll(openNow).toBe(0);
  });

  it('are so many at most, and the next page waits for one', async () => {
    const { states, open: openNow, count } = open();
    const held = [];
    for (let page = 0; page < MAX_HELD; page++) {
      held.push(await states.hold('a'));
      count();
    }
    const next = states.hold('b');
    expect(await isSettled(next)).toBe(false);
    expect(openNow()).toBe(MAX_HELD);
    held[3]?.release();
    (await next).release();
    for (const { release } of held) release();
    await expect.poll(openNow).toBe(0);
  });

  it('have a break, in which the log can begin anew', async () => {
    const { states, open: openNow, count, pass } = open();
    const first = await states.hold('a');
    count();
    pass(4000);
    const second = await states.hold('a');
    count();
    pass(1001);
    first.release();
    const third = states.hold('a');
    expect(await isSettled(third)).toBe(false);
    second.release();
    await expect.poll(() => openNow() <= 1).toBe(true);
    (await third).release();
    await expect.poll(openNow).toBe(0);
  });

  it('say so where other pages take too long', async () => {
    vi.useFakeTimers();
    try {
      const { states, count, pass } = open();
      await states.hold('a');
      count();
      pass(6000);
      const refused = expect(states.hold('b')).rejects.toMatchObject({ code: 'busy' });
      await vi.advanceTimersByTimeAsync(5000);
      await refused;
    } finally {
      vi.useRealTimers();
    }
  });

  it('that cannot be opened take no place', async () => {
    const { states } = open({ fails: true });
    for (let page = 0; page <= MAX_HELD; page++) {
      await expect(states.hold('a')).rejects.toThrow('There is no thread.');
    }
  });
});
