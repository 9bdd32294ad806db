import type { DayCount, GapCount } from './gap-count.js';
import type { DaysQuestion } from './scope.js';

/** Days, and what tells apart on them. */
export interface ValuesQuestion extends DaysQuestion {
  /** One of `USER_DIMENSIONS` where people are asked for, else `event` or `field:<event>.<name>`. */
  readonly dimension: string;
}

/** How many had a value on a day, and on no other within a gap before it; see `Tally`. */
export interface ValueGapCount extends GapCount {
  readonly value: string;
}

/** How many reports of people had a value on a day. */
export interface ValueCount extends DayCount {
  readonly value: string;
}
