import { describe, expect, it } from 'vitest';
import { HOST_LIMITS, retryHeld } from '../../src/platform/retry-held.js';

const failure = (code: string): Error => Object.assign(new Error(code), { code });

/** A clock that each pause and each call moves, and a file that is held until a time. */
function held({ untilMs = Infinity, code = 'EBUSY', callMs = 0 } = {}) {
  const clock = { nowMs: 0, calls: 0 };
  return {
    clock,
    elapsed: () => clock.nowMs,
    wait: (ms: number) => () => void (clock.nowMs += ms),
    call: () => {
      clock.calls += 1;
      clock.nowMs += callMs;
      if (clock.nowMs < untilMs) throw failure(code);
      return 'done';
    },
  };
}
const LIMITS = { callMs: 500, totalMs: 3_000, windowMs: 10_000 };

describe('a file that another program holds', () => {
  it.each(['EBUSY', 'EPERM', 'EACCES'])('is waited for (%s)', (code) => {
    const { clock, elapsed, wait, call } = held({ untilMs: 200, code });
    const retry = retryHeld({ ...LIMITS, elapsed, pause: wait(10) });
    expect(retry(failure(code), call)).toBe('done');
    expect(clock.nowMs).toBe(200);
  });

  it('is given up at the limit, with its last error', () => {
    const { clock, elapsed, wait, call } = held({ code: 'EACCES' });
    const retry = retryHeld({ ...LIMITS, elapsed, pause: wait(10) });
    expect(() => retry(failure('EBUSY'), call)).toThrow('EACCES');
    expect(clock.nowMs).toBe(500);
  });

  it('is not waited for again and again: a folder may be closed for good', () => {
    const { clock, elapsed, wait, call } = held();
    const retry = retryHeld({ ...LIMITS, elapsed, pause: wait(10) });
    for (let at = 0; at < 20; at += 1) expect(() => retry(failure('EPERM'), call)).toThrow();
    expect(clock.nowMs).toBe(3_000);
    clock.nowMs = 20_000;
    expect(() => retry(failure('EPERM'), call)).toThrow();
    expect(clock.nowMs).toBe(20_500);
  });

  it.each(['ENOENT', 'EEXIST', 'ENOSPC', 'EISDIR'])('is what no other code means: %s', (code) => {
    const { clock, elapsed, wait, call } = held();
    const retry = retryHeld({ ...LIMITS, elapsed, pause: wait(10) });
    expect(() => retry(failure(code), call)).toThrow(code);
    expect(clock).toEqual({ nowMs: 0, calls: 0 });
  });

  it('costs a host 2 ms, and 3 ms in its whole life, without a pause', () => {
    const { clock, elapsed, call } = held({ callMs: 0.5 });
    const retry = retryHeld({ ...HOST_LIMITS, elapsed });
    expect(() => retry(failure('EBUSY'), call)).toThrow();
    expect(clock.nowMs).toBe(2);
    for (let at = 0; at < 20; at += 1) expect(() => retry(failure('EBUSY'), call)).toThrow();
    expect(clock.nowMs).toBe(3);
    clock.nowMs = 1e9;
    expect(() => retry(failure('EBUSY'), call)).toThrow();
    expect(clock.nowMs).toBe(1e9);
  });
});
