import type { Scope } from './scope.js';

export interface SummaryQuestion extends Scope {
  /** Today, numbered since 1970. */
  readonly day: number;
}

/** How many users have a value. */
export interface Share {
  readonly value: string;
  readonly users: number;
}

/** The counts of people; build farms are counted apart. */
export interface Summary {
  readonly totalUsers: number;
  /** Active today. */
  readonly dailyActiveUsers: number;
  /** Active on any of the last 7 days, today included. */
  readonly weeklyActiveUsers: number;
  /** Active on any of the last 28 days, today included. */
  readonly monthlyActiveUsers: number;
  /** Of the people, how many are one person for sure; see `Band`. */
  readonly certainUsers: number;
  readonly likelyUsers: number;
  readonly ephemeralUsers: number;
  /** IDs that only build farms have reported with. */
  readonly ciUsers: number;
  /** Reports of people and build farms, each once. */
  readonly totalReports: number;
  /** Reports that installs say to have lost before they could be sent. */
  readonly lostReports: number;
  /** Most users first. */
  readonly os: readonly Share[];
  /** Most users first. */
  readonly version: readonly Share[];
  /** When the last of what is counted was received, in milliseconds since 1970; `null` at first. */
  readonly changedAt: number | null;
}
