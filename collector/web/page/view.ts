/** The spans of time that a page can show. */
export const RANGES = ['7d', '28d', '90d', '12m', 'custom'] as const;

export type Range = (typeof RANGES)[number];

/** What a span is compared with. */
export const COMPARISONS = ['weekdays', 'year', 'none'] as const;

export type Comparison = (typeof COMPARISONS)[number];

/** The days that a page shows. */
export interface View {
  readonly range: Range;
  /** The first day, as a date. */
  readonly from: string;
  /** The last day, as a date: it may be running. */
  readonly to: string;
  /** The day that runs, in the project's time zone, as a date. */
  readonly today: string;
  readonly compare: Comparison;
}
