import type { QualityKind } from '../counting/counted-report.js';
import type { DayCount, GapCount, GapsQuestion } from './gap-count.js';
import type { RetentionCell, RetentionQuestion } from './retention-cell.js';
import type { Scope } from './scope.js';
import type { Summary, SummaryQuestion } from './summary.js';
import type { ValueCount, ValueGapCount, ValuesQuestion } from './value-count.js';

/** Days of receipt by UTC, both included; all where they are left out. */
export interface QualityQuestion extends Scope {
  readonly from?: number;
  readonly to?: number;
}

/** What a store has counted: the questions by their name, what each is asked with, its answer. */
export interface Counts {
  summary(question: SummaryQuestion): Summary;
  /** How active people were, in the order of days and gaps. */
  gaps(question: GapsQuestion): readonly GapCount[];
  /** The same, told apart by a dimension of people, in the order of days, values and gaps. */
  valueGaps(question: ValuesQuestion): readonly ValueGapCount[];
  /** Reports, in the order of the days. */
  reports(question: GapsQuestion): readonly DayCount[];
  /** Reports, told apart by event or field, in the order of days and values. */
  reportValues(question: ValuesQuestion): readonly ValueCount[];
  /** The dimensions that have values, in order. */
  dimensions(question: Scope): readonly string[];
  /** In the order of cohorts and periods. */
  retention(question: RetentionQuestion): readonly RetentionCell[];
  quality(question: QualityQuestion): Partial<Record<QualityKind, number>>;
}

/** Some of the questions, by their name. */
export type Questions = {
  readonly [Name in keyof Counts]?: Parameters<Counts[Name]>[0];
};

/** The answers to some questions, by their name. */
export type Answers<Asked extends Questions> = {
  readonly [Name in keyof Asked]: Name extends keyof Counts ? ReturnType<Counts[Name]> : never;
};
