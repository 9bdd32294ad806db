import { BATCH_REPORTS } from './gathering.js';

/** How many reports are counted in a second. */
export interface CountingSpeed {
  /** `undefined` if that is unknown. */
  readonly value: number | undefined;
  measure(reports: number, ms: number): void;
  forget(): void;
}

/** The share of the last batch in the speed. */
const SHARE = 0.3;

export function createCountingSpeed(): CountingSpeed {
  let value: number | undefined;
  return {
    get value() {
      return value;
    },
    measure: (reports, ms) => {
      // A small batch says little: most of its time is that of the transaction.
      if (reports < BATCH_REPORTS || ms <= 0) return;
      const now = (reports * 1000) / ms;
      value = value === undefined ? now : value + (now - value) * SHARE;
    },
    forget: () => {
      value = undefined;
    },
  };
}
