import type { View } from './view.js';

/** Of the people first seen in a week or month, how many came again. */
export interface RetentionContent {
  readonly page: 'retention';
  readonly view: View;
  readonly series: RetentionPeriods;
}

interface RetentionPeriods {
  readonly period: 'week' | 'month';
  readonly cohorts: readonly RetentionCohort[];
  /** The smallest number of people that is followed (k). */
  readonly leastShown: number;
}

/** The people first seen in one period. */
export interface RetentionCohort {
  /** The first day of the period. */
  readonly date: string;
  readonly people: number;
  /** In the periods after it: the share of these people, `null` if it is not shown. */
  readonly cells: readonly { readonly share: number | null; readonly complete: boolean }[];
}
