import type { Interval } from '../counting/period.js';
import type { DaysQuestion } from './scope.js';

export interface RetentionQuestion extends DaysQuestion {
  readonly interval: Interval;
}

/** How many people of a cohort came in a period; both are first days, the cohort's in `from` to `to`. */
export interface RetentionCell {
  readonly cohort: number;
  readonly period: number;
  readonly n: number;
}
