import { describe, expect, it } from 'vitest';
import {
  afterFailure,
  afterRetired,
  afterSuccess,
  backoffMs,
  NO_STATE,
  parseState,
  waitMs,
} from '../../src/delivery/delivery-state.js';
import { parseRetryAfter } from '../../src/sender/verdict.js';

const NOW = Date.UTC(2026, 10, 22, 20, 58);
const failed = (retryAfterMs?: number) =>
  afterFailure(NO_STATE, {
    nowMs: NOW,
    random: 0.5,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });

describe('the state that senders share', () => {
  it('makes every failure in a row wait longer, up to once in one to two minutes', () => {
    const waits = [1, 2, 3, 4, 5, 50].map((failures) => [
      backoffMs(failures, 0),
      backoffMs(failures, 1),
    ]);
    expect(waits).toEqual([
      [0, 1_000],
      [0, 4_000],
      [0, 16_000],
      [60_000, 120_000],
      [60_000, 120_000],
      [60_000, 120_000],
    ]);
  });

  it('waits as long as the collector asks, but a day at most', () => {
    expect(waitMs(failed(3_600_000), NOW)).toBe(3_600_000);
    expect(waitMs(failed(3_600_000), NOW + 3_599_000)).toBe(1_000);
    expect(waitMs(failed(3_600_000), NOW + 3_600_000)).toBe(0);
    expect(waitMs(failed(10 ** 12), NOW)).toBe(86_400_000);
  });

  it('waits longer with every failure also where the collector asks for next to nothing', () => {
    let state = NO_STATE;
    for (let failure = 0; failure < 5; failure += 1) {
      state = afterFailure(state, { nowMs: NOW, random: 0.5, retryAfterMs: 0 });
    }
    expect(waitMs(state, NOW)).toBe(90_000);
  });

  it('waits no longer because the clock was set back', () => {
    expect(waitMs(failed(60_000), NOW - 86_400_000)).toBe(60_000);
  });

  it('forgets failures after a success', () => {
    const state = afterSuccess(afterFailure(failed(), { nowMs: NOW, random: 1 }), NOW);
    expect(state).toMatchObject({ failures: 0, notBeforeMs: 0, lastSuccessMs: NOW });
  });

  it('remembers each version that is not wanted once, and the last twenty', () => {
    let state = NO_STATE;
    for (let version = 0; version < 30; version += 1)
      state = afterRetired(state, `1.${version}.0 x`);
    state = afterRetired(state, '1.29.0 x');
    expect(state.retired).toHaveLength(20);
    expect(state.retired.at(-1)).toBe('1.29.0 x');
  });

  it.each([
    undefined,
    '',
    '{',
    'null',
    '[]',
    '7',
    '{"failures":"x","gone":7}',
    '{"notBeforeMs":-1}',
  ])('takes %j as nothing known', (text) => {
    expect(parseState(text)).toEqual(NO_STATE);
  });

  it('reads back what was written', () => {
    expect(parseState(JSON.stringify(failed(5_000)))).toEqual(failed(5_000));
  });
});

describe('parseRetryAfter', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Sun, 22 Nov 2026 20:59:00 GMT', 60_000],
    ['Sun, 22 Nov 2026 20:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    [undefined, undefined],
  ])('reads %j as %j', (value, ms) => {
    // "-5" is a year to Date.parse in V8; as a wait it is none.
    const parsed = parseRetryAfter(value, NOW);
    if (value === '-5') expect(parsed ?? 0).toBe(0);
    else expect(parsed).toBe(ms);
  });
});
