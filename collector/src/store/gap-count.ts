import type { Gap } from '../counting/tally.js';
import type { DaysQuestion } from './scope.js';

/** Days of people, or of build farms. */
export interface GapsQuestion extends DaysQuestion {
  /** Whether build farms are asked for instead of people. */
  readonly ci: boolean;
}

/** What was counted for a day. Days with nothing are left out. */
export interface DayCount {
  /** Numbered since 1970. */
  readonly day: number;
  readonly n: number;
}

/** How many were active on a day, and on no other within a gap before it. */
export interface GapCount extends DayCount {
  readonly gap: Gap;
}
