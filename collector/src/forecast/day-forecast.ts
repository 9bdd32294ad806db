/** What may be remarkable about a day. */
export const FLAGS = ['low', 'high', 'slow_fall', 'slow_rise', 'shift', 'unusual'] as const;

/**
 * What is remarkable about a day.
 *
 * - `low`, `high`: outside the band in which 99 of 100 ordinary days lie.
 * - `slow_fall`, `slow_rise`: its week differs from the week before by more than weeks do, though no
 *   single day stood out. Only the first day of such a time has it.
 * - `shift`: so many days in a row were `low` or `high` that theirs is the usual number from now on.
 * - `unusual`: it was known to be unusual before, so no later day is compared with it.
 */
export type Flag = (typeof FLAGS)[number];

/** The expected number of a day. */
export interface Expectation {
  /** The number that is as likely exceeded as not. */
  readonly expected: number;
  /** 95 of 100 days lie between this and {@link high}, both included. */
  readonly low: number;
  readonly high: number;
}

/** What was expected of a day, and what came. */
export interface DayForecast {
  /** Numbered since 1970. */
  readonly day: number;
  /** From the days before it alone; `null` as long as there are too few. */
  readonly expectation: Expectation | null;
  /** `null` if it is unknown, or the day is not over. */
  readonly observed: number | null;
  readonly flags: readonly Flag[];
}

/** Complete days in a row, the oldest first. */
export interface DailyCounts {
  /** Numbered since 1970. */
  readonly firstDay: number;
  /** `null` where the number of a day is unknown. */
  readonly counts: readonly (number | null)[];
  /**
   * Days that are known to be unusual, such as those with made-up people. They have no influence on
   * later days.
   *
   * @default none
   */
  readonly unusualDays?: ReadonlySet<number>;
}

/** The days that must lie before the first day with an expectation. */
export const LEAST_DAYS = 35;

/** The forecast of each day, or why there is none. */
export type Forecast =
  | {
      readonly ok: true;
      /** From the first day with a number to the day after the last, which is the running one. */
      readonly days: readonly DayForecast[];
    }
  | {
      readonly ok: false;
      readonly error: {
        readonly code: 'too_few_days';
        /** Complete days from the first with a number. */
        readonly days: number;
        /** {@link LEAST_DAYS} */
        readonly needed: number;
      };
    };
