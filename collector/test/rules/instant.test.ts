import { describe, expect, it } from 'vitest';
import { dayOf } from '../../src/rules/day.js';
import { MAX_AHEAD_MS, MAX_LATENESS_MS } from '../../src/rules/clock-gap.js';
import { type ReportTimes, resolveInstant } from '../../src/rules/instant.js';

const receivedAt = Date.parse('2026-11-22T21:00:00Z');
const HOUR = 3_600_000;

const resolve = (times: Pick<ReportTimes, 'at' | 'sentAt'> & { newestAt?: number }) => {
  const { at, madeAt, clamped } = resolveInstant({ receivedAt, newestAt: null, ...times });
  return { at, madeAt, clamped };
};

describe('the instant a report counts for', () => {
  it('is the client’s', () => {
    const at = receivedAt - HOUR;
    expect(resolve({ at, sentAt: null })).toEqual({
      at,
      madeAt: at,
      clamped: false,
    });
  });

  it('is the time of receipt where the client gave none that can be read', () => {
    expect(resolve({ at: null, sentAt: 5 })).toEqual({
      at: receivedAt,
      madeAt: receivedAt,
      clamped: false,
    });
  });

  it.each([-400 * 24 * HOUR, 3 * HOUR, 20_000 * 24 * HOUR])(
    'is put right where the client’s clock is off by %i ms',
    (offMs) => {
      const sentAt = receivedAt + offMs;
      const happened = receivedAt - 2 * HOUR;
      expect(resolve({ at: happened + offMs, sentAt })).toEqual({
        at: happened,
        madeAt: happened,
        clamped: false,
      });
    },
  );

  it('is put right where the clock shows another zone’s time, but may have been made before', () => {
    const sentAt = receivedAt - 3 * HOUR;
    const at = receivedAt - 5 * HOUR;
    expect(resolve({ at, sentAt })).toEqual({ at: at + 3 * HOUR, madeAt: at, clamped: false });
  });

  it('may be 30 days ago and no more', () => {
    const at = receivedAt - MAX_LATENESS_MS;
    expect(resolve({ at, sentAt: null })).toEqual({
      at,
      madeAt: at,
      clamped: false,
    });
    expect(resolve({ at: at - 1, sentAt: null })).toEqual({
      at: receivedAt,
      madeAt: at - 1,
      clamped: true,
    });
  });

  it('is never in the future, which is forgiven for some minutes', () => {
    const ahead = receivedAt + MAX_AHEAD_MS;
    expect(resolve({ at: ahead, sentAt: null })).toEqual({
      at: receivedAt,
      madeAt: receivedAt,
      clamped: false,
    });
    expect(resolve({ at: ahead + 1, sentAt: null })).toEqual({
      at: receivedAt,
      madeAt: receivedAt,
      clamped: true,
    });
  });
});

describe('the day of an instant', () => {
  it('changes at midnight UTC', () => {
    expect(dayOf(0, 'UTC')).toBe(0);
    expect(dayOf(-1, 'UTC')).toBe(-1);
    const midnight = Date.parse('2026-11-23T00:00:00Z');
    expect(dayOf(midnight, 'UTC') - dayOf(midnight - 1, 'UTC')).toBe(1);
  });
});
