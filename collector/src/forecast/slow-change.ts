import { meanOf, medianOf } from './order-statistics.js';
import { chanceOf } from './scale.js';

/** Finds slow changes: weeks that differ from the week before more than weeks did so far. */
export interface SlowChange {
  /**
   * Goes on to the next day.
   *
   * @param value - The logarithm of its number.
   * @param expected - The number that it is judged by chance with.
   */
  learn(value: number, expected: number): 'slow_fall' | 'slow_rise' | null;
}

const WEEK = 7;

/** Days whose weeks say how much weeks differ. */
const REMEMBERED_DAYS = 120;

/** Days before the first judgement. */
const LEAST_REMEMBERED = 28;

/** A week is remarkable beyond so many standard deviations. */
const DEVIATIONS = 4;

/** Differences of a week that would be no news, as a logarithm. */
const NO_NEWS = 0.03;

/** Days in which a change is not found again, and days in which its end is no news. */
const SILENT = { again: 2 * WEEK, end: 5 * WEEK };

/** Creates the test. */
export function createSlowChange(): SlowChange {
  const values: number[] = [];
  const differences: number[] = [];
  const silentDays = { slow_fall: 0, slow_rise: 0 };
  let days = 0;
  let usual = 0;
  let deviation = 0;
  return {
    learn: (value, expected) => {
      values.push(value);
      if (values.length > 2 * WEEK) values.shift();
      if (values.length < 2 * WEEK) return null;
      const difference = levelOf(values.slice(WEEK)) - levelOf(values.slice(0, WEEK));
      // Once a week is often enough, and weeks must not be compared with themselves.
      if (days++ % WEEK === 0) ({ usual, deviation } = spreadOf(differences));
      const isKnown = differences.length >= LEAST_REMEMBERED;
      differences.push(difference);
      if (differences.length > REMEMBERED_DAYS) differences.shift();
      silentDays.slow_fall--;
      silentDays.slow_rise--;
      if (!isKnown) return null;
      const byChance = Math.sqrt(2 / WEEK) * chanceOf(expected);
      const limit = Math.max(NO_NEWS, DEVIATIONS * Math.max(deviation, byChance));
      if (Math.abs(difference - usual) <= limit) return null;
      const change = difference < usual ? 'slow_fall' : 'slow_rise';
      if (silentDays[change] > 0) return null;
      const end = change === 'slow_fall' ? 'slow_rise' : 'slow_fall';
      silentDays[change] = SILENT.again;
      silentDays[end] = SILENT.end;
      return change;
    },
  };
}

/** The logarithm of the mean number of a week. */
const levelOf = (logarithms: readonly number[]): number =>
  Math.log(meanOf(logarithms.map(Math.exp)));

/** The middle, and how far differences lie from it, as a standard deviation of normal ones. */
function spreadOf(differences: readonly number[]): { usual: number; deviation: number } {
  const usual = medianOf(differences);
  const distances = differences.map((one) => Math.abs(one - usual));
  return { usual, deviation: 1.4826 * medianOf(distances) };
}
