import { describe, expect, it } from 'vitest';
import {
  afterFailure,
  afterRetired,
  afterSuccess,
  backoffMs,
  loadState,
  NO_STATE,
  saveState,
  stateIn,
  waitMs,
} from '../../src/delivery/delivery-state.js';
import type { Endpoint } from '../../src/project/endpoint.js';
import { memoryStorage } from '../../src/storage/memory-storage.js';
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

  const at = (url: string, more: Partial<Endpoint> = {}): Endpoint => ({
    url,
    form: 'batch',
    implicit: false,
    ...more,
  });
  const HERE = at('https://a.example/v1/reports');
  const NOTHING = { ...NO_STATE, url: HERE.url };
  const textOf = (state: object): string =>
    JSON.stringify({ [HERE.url]: { url: HERE.url, ...state } });

  it.each([
    undefined,
    '',
    '{',
    'null',
    '[]',
    '7',
    '{"failures":1,"notBeforeMs":9e12,"decidedAtMs":0}',
    textOf({ failures: 'x', gone: 7 }),
    textOf({ notBeforeMs: -1, decidedAtMs: null, retired: 7, lastSuccessMs: {} }),
    JSON.stringify({ [HERE.url]: 7 }),
    JSON.stringify({ [HERE.url]: { failures: 3, url: 'https://b.example/v1/reports' } }),
  ])('takes %j as nothing known', (text) => {
    expect(stateIn(text, HERE)).toEqual(NOTHING);
  });

  it.each([
    { failures: 1, notBeforeMs: 9e12, decidedAtMs: 0 },
    { failures: 1e300, notBeforeMs: 1e300, decidedAtMs: 1e300 },
    { failures: 1, notBeforeMs: NOW + 1e12, decidedAtMs: NOW },
    { failures: 2.5, notBeforeMs: NOW + 0.5, decidedAtMs: NOW - 0.5 },
    { failures: 1, notBeforeMs: 9e12, decidedAtMs: 9e12 - 1000 },
  ])('never waits for more than a day, nor for a part of a millisecond: %j', (damaged) => {
    const state = stateIn(textOf(damaged), HERE);
    expect(Number.isSafeInteger(state.failures)).toBe(true);
    for (const now of [0, NOW - 86_400_000, NOW, NOW + 86_400_001, 9e12]) {
      expect(waitMs(state, now)).toBeLessThanOrEqual(86_400_000);
      expect(Number.isSafeInteger(waitMs(state, now))).toBe(true);
    }
    expect(waitMs(state, NOW + 86_400_001)).toBe(0);
  });

  it('has an end where the clock was set back by years', () => {
    const ahead = NOW + 3e11;
    const state = afterFailure(NO_STATE, { nowMs: ahead, random: 1, retryAfterMs: 60_000 });
    expect(waitMs(state, NOW)).toBe(0);
  });

  it('is kept for each endpoint alone, and for each place of this machine', async () => {
    const storage = memoryStorage();
    const [other, local, found] = [
      at('https://b.example/v1/reports'),
      at('http://127.0.0.1:8081/v1/reports', { implicit: true }),
      at('http://127.0.0.1:4999/v1/reports', { foundIn: '/x/collector.json' }),
    ];
    await saveState(storage, HERE, { ...failed(5_000), retired: ['1.0.0'] });
    await saveState(storage, local, failed(7_000));
    expect(await loadState(storage, HERE)).toMatchObject({ failures: 1, retired: ['1.0.0'] });
    expect(await loadState(storage, HERE, 'other')).toMatchObject({ failures: 0, retired: [] });
    expect(await loadState(storage, other)).toMatchObject({ failures: 0, retired: [] });
    // The address of a named endpoint is another place than that of an unnamed one.
    expect(await loadState(storage, at(local.url))).toMatchObject({ failures: 0 });
    expect(await loadState(storage, local)).toMatchObject({ failures: 1 });
    expect(await loadState(storage, found)).toMatchObject({ failures: 0 });
  });

  it('is kept for the last hundred endpoints', async () => {
    const storage = memoryStorage();
    for (let n = 0; n < 120; n += 1) {
      const state = { ...failed(5_000), decidedAtMs: NOW + n };
      await saveState(storage, at(`https://h${n}.example/v1/reports`), state);
    }
    const stored = JSON.parse((await storage.get('delivery')) ?? '{}') as object;
    expect(Object.keys(stored)).toHaveLength(100);
    expect(await loadState(storage, at('https://h19.example/v1/reports'))).toMatchObject(
      NO_FAILURE,
    );
    expect(await loadState(storage, at('https://h20.example/v1/reports'))).toMatchObject({
      failures: 1,
    });
  });
});

const NO_FAILURE = { failures: 0 };

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
