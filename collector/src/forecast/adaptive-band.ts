import { chanceOf } from './scale.js';

/** How far a day may lie from its forecast; logarithms. */
export interface AdaptiveBand {
  /** Half of the band in which 95 of 100 days lie. */
  ordinary(): number;
  /** Half of the band outside which a day is remarkable. */
  remarkable(expected: number): number;
  learn(mistake: number, was: { readonly outside: boolean; readonly remarkable: boolean }): void;
}

/** The share of days outside of the ordinary band, and of the remarkable ones. */
const OUTSIDE = 0.035;
const REMARKABLE = 0.005;

/** How much a band is widened after a day outside of it; logarithms. */
const WIDENED_BY = 0.4;
const REMARKABLY_WIDENED_BY = 0.3;

/** The halves at first, and their bounds, in usual mistakes. */
const ORDINARY = { first: 2, least: 0.7, most: 12 };
const FAR = { first: 3, least: 2.8, most: 8 };

/** A count differs by chance by about its root; what is within so many of them is not remarkable. */
const CHANCES = 3.2;

/** How much of a new mistake the usual one takes over. */
const TAKEN_OVER = 0.02;

/**
 * Creates a band that is as wide as its past says: each day outside widens it, each day inside
 * narrows it a little, so that in the long run the right share is outside, whatever the numbers are
 * like (adaptive conformal inference, Gibbs and Candès 2021).
 */
export function createAdaptiveBand(): AdaptiveBand {
  let usual = 0;
  let days = 0;
  let ordinary = Math.log(ORDINARY.first);
  let far = Math.log(FAR.first);
  return {
    ordinary: () => Math.exp(ordinary) * usual,
    remarkable: (expected) => Math.max(Math.exp(far) * usual, CHANCES * chanceOf(expected)),
    learn: (mistake, was) => {
      days++;
      // As a standard deviation of normal mistakes.
      const size = Math.abs(mistake) * 1.2533;
      const bounded = days === 1 ? size : Math.min(size, 3 * Math.max(usual, 1e-3));
      usual += Math.max(TAKEN_OVER, 1 / days) * (bounded - usual);
      if (days < 14) return;
      ordinary = within(ordinary + WIDENED_BY * (Number(was.outside) - OUTSIDE), ORDINARY);
      far = within(far + REMARKABLY_WIDENED_BY * (Number(was.remarkable) - REMARKABLE), FAR);
    },
  };
}

const within = (value: number, { least, most }: { least: number; most: number }): number =>
  Math.min(Math.max(value, Math.log(least)), Math.log(most));
