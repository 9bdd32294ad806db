import { describe, expect, it } from 'vitest';
import { createErrorRate } from '../../src/logs/error-rate.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ERROR = 50;

function start() {
  let ms = 0;
  const rate = createErrorRate(() => ms);
  const fail = (times: number): void => {
    for (let n = 0; n < times; n++) rate.add(ERROR);
  };
  return {
    rate,
    fail,
    hours: (hours: number, errorsEach: number): void => {
      for (let n = 0; n < hours; n++) {
        fail(errorsEach);
        ms += HOUR_MS;
      }
    },
    wait: (passedMs: number): void => {
      ms += passedMs;
    },
  };
}

describe('the rate of errors', () => {
  it('counts lines by level', () => {
    const { rate } = start();
    for (const level of [10, 20, 30, 30, 35, 40, 50, 60, 60]) rate.add(level);
    expect(rate.lines).toEqual({ trace: 1, debug: 1, info: 3, warn: 1, error: 1, fatal: 2 });
    expect(rate.figures().lastHour).toBe(3);
  });

  it('counts the failures that a line tells of', () => {
    const { rate } = start();
    rate.add(ERROR);
    rate.add(ERROR, 999);
    rate.add(30, 1000);
    expect(rate.figures().lastHour).toBe(1000);
    expect(rate.lines).toMatchObject({ info: 1, error: 2 });
  });

  it('knows no usual number in the first day: more than ten an hour are unusual', () => {
    const { rate, hours, fail } = start();
    hours(23, 0);
    fail(10);
    expect(rate.figures()).toEqual({ lastHour: 10, usual: null, threshold: 10, isUnusual: false });
    fail(1);
    expect(rate.figures().isUnusual).toBe(true);
  });

  it('compares with three times the median of the hours before', () => {
    const { rate, hours, fail } = start();
    hours(48, 20);
    fail(60);
    expect(rate.figures()).toEqual({ lastHour: 60, usual: 20, threshold: 60, isUnusual: false });
    fail(1);
    expect(rate.figures().isUnusual).toBe(true);
  });

  it('forgets a burst an hour later, and what was usual a week later', () => {
    const { rate, hours, fail, wait } = start();
    hours(48, 20);
    fail(500);
    wait(HOUR_MS);
    expect(rate.figures()).toMatchObject({ lastHour: 0, usual: 20, isUnusual: false });
    hours(8 * 24, 0);
    expect(rate.figures()).toMatchObject({ lastHour: 0, usual: 0, threshold: 10 });
    wait(1000 * HOUR_MS);
    expect(rate.figures()).toMatchObject({ lastHour: 0, usual: 0 });
  });

  it('never holds more than the days it compares with: all hours are whole', () => {
    const { rate, hours } = start();
    hours(7 * 24 + 100, 7);
    expect(rate.figures()).toMatchObject({ usual: 7 });
  });
});
