import type { IdSource } from 'headcount/wire';
import type { CleaningFigures, CleaningSelection } from '../rules/cleaning.js';
import type { HourCell } from '../rules/hour-cells.js';
import type { UserDimension } from '../rules/dimensions.js';
import type { Interval } from '../rules/period.js';
import type { KeptInStore } from '../rules/kept-spans.js';
import type { Gap } from '../rules/tally.js';
import type { DayWindow } from '../rules/window-counter.js';

/** Which users a question is about. */
export interface Scope {
  /** One project, or all when `null`. A user of two projects is two. */
  readonly project: string | null;
}

/** Days from one to another, both included; numbered since 1970. */
export interface DaysQuestion extends Scope {
  readonly from: number;
  readonly to: number;
}

export interface SummaryQuestion extends Scope {
  /** Today, numbered since 1970. */
  readonly day: number;
  /**
   * Values of each distribution at most; all further ones count as `other`.
   *
   * @default Infinity
   */
  readonly mostValues?: number;
}

/** The number of users with a value. */
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
  /** People by how sure it is that an ID is one person; see `Band`. */
  readonly certainUsers: number;
  readonly likelyUsers: number;
  readonly ephemeralUsers: number;
  /** IDs that only build farms have reported with. */
  readonly ciUsers: number;
  /** Reports of people and build farms, each once. */
  readonly totalReports: number;
  /** Reports that installs say they lost before sending. */
  readonly lostReports: number;
  /** Lost reports that installs claim beyond those; see `plausibleLost()`. */
  readonly lostReportsCut: number;
  /** Most users first. */
  readonly os: readonly Share[];
  /** Most users first. */
  readonly version: readonly Share[];
  /** When the last counted report was received, in milliseconds since 1970; `null` if none was. */
  readonly changedAt: number | null;
}

/** Days of people, or of build farms. */
export interface GapsQuestion extends DaysQuestion {
  /** Whether the question is about build farms instead of people. */
  readonly ci: boolean;
}

/** The count of a day. Days without any are left out. */
export interface DayCount {
  /** Numbered since 1970. */
  readonly day: number;
  readonly n: number;
}

/** How many were active on a day, by the gap to their previous active day. */
export interface GapCount extends DayCount {
  readonly gap: Gap;
}

/** A span of days, grouped by a dimension. */
export interface ValuesQuestion extends DaysQuestion {
  /** One of `USER_DIMENSIONS` for people; `event` or `field:<event>.<name>` for people or reports. */
  readonly dimension: string;
}

/** Spans of days, grouped by a dimension. */
export interface WindowsQuestion extends Scope {
  /** As in {@link ValuesQuestion}. */
  readonly dimension: string;
  /** At least one. For people, each has at most `VALUE_WINDOW_DAYS`. */
  readonly windows: readonly DayWindow[];
}

/** Spans of days, for one value of a dimension. */
export interface ValueQuestion extends WindowsQuestion {
  readonly value: string;
}

/** Spans of days of people, or of build farms. */
export interface PeopleQuestion extends Scope {
  /** As in {@link GapsQuestion}. */
  readonly ci: boolean;
  /** At least one. */
  readonly windows: readonly DayWindow[];
}

/** People in each window, each once, in the order of the windows. */
export interface PeopleWindows {
  readonly active: readonly number[];
  /** Those seen in it for the first time. */
  readonly firsts: readonly number[];
}

/** How many there were with a value in each window. */
export interface ValueWindows {
  readonly value: string;
  /** In the order of the windows. */
  readonly counts: readonly number[];
}

/** A question would keep a reader busy for too long. */
export class TooCostlyError extends Error {
  override readonly name = 'TooCostlyError';

  constructor(values: number, days?: number) {
    super(`The question is about ${values} values${days === undefined ? '' : ` on ${days} days`}.`);
  }
}

/** How many had a value on a day, by the gap to their previous day with it; see `Tally`. */
export interface ValueGapCount extends GapCount {
  readonly value: string;
}

/** How many reports of people had a value on a day. */
export interface ValueCount extends DayCount {
  readonly value: string;
}

/** What people run now, each once. */
export interface NewestQuestion extends Scope {
  /** One of `USER_DIMENSIONS`. */
  readonly dimension: string;
  /** Another of them, whose value goes with it, as the system does with its version; or `null`. */
  readonly of: string | null;
  /** The day since which people must have been active, numbered since 1970. */
  readonly from: number;
}

/** How many people had two values together. */
export interface CrossedQuestion extends DaysQuestion {
  /** Two of `USER_DIMENSIONS`. */
  readonly dimensions: readonly [string, string];
  /** It is too costly if people were there on more days than these, each counted, of all that are kept. */
  readonly mostDays: number;
}

/** How many people had two values together on each of the days asked for. */
export interface CrossedCounts {
  /** In the order of the dimensions. */
  readonly values: readonly string[];
  readonly counts: readonly number[];
}

/** How many people had a value on the last day of their activity. */
export interface NewestCount {
  readonly value: string;
  /** The value of the other dimension; `null` if none was asked for. */
  readonly of: string | null;
  readonly n: number;
}

/** Something of a project that is over 80 % full; see `giveUpPlaces()`. */
export interface FullPlaces {
  readonly project: string;
  /** What is nearly full: a dimension's values, a project's values, or a project's dimensions. */
  readonly of: 'dimension_values' | 'project_values' | 'dimensions';
  /** The dimension of `dimension_values`; `null` for the others. */
  readonly dimension: string | null;
  readonly used: number;
  readonly limit: number;
}

/** A day with unusually many new people; see `isUnusual()`. */
export interface UnusualDay extends DayCount {
  /** `null` if the people of all projects together are unusually many. */
  readonly project: string | null;
}

export interface OverviewQuestion {
  /** Today, numbered since 1970, for projects that are not in {@link days}. */
  readonly day: number;
  /** Today for projects whose time zone has another day. */
  readonly days: Readonly<Record<string, number>>;
  /** Projects that are told apart at most. */
  readonly mostProjects: number;
}

/** The figures of one project, or of several together. */
export interface ProjectOverview extends Pick<
  Summary,
  | 'totalUsers'
  | 'dailyActiveUsers'
  | 'weeklyActiveUsers'
  | 'monthlyActiveUsers'
  | 'ciUsers'
  | 'totalReports'
  | 'lostReports'
  | 'lostReportsCut'
> {
  /** `null` for all projects that are not told apart. */
  readonly project: string | null;
  /** People whose first active day is today. */
  readonly newUsers: number;
  /**
   * How many places are taken; for several projects, of the one with the most. The fields of events
   * are told together, as `field`, by the one with the most values.
   */
  readonly places: {
    readonly dimensions: number;
    readonly values: number;
    readonly ofDimension: Readonly<Record<string, number>>;
  };
}

export interface RetentionQuestion extends DaysQuestion {
  readonly interval: Interval;
}

/** How many people of a cohort were active in a period. Both are given by their first days. */
export interface RetentionCell {
  readonly cohort: number;
  readonly period: number;
  readonly n: number;
}

/** When the reports of a project came. */
export interface ProjectHours {
  readonly project: string;
  /** The hours with reports, in order. */
  readonly cells: readonly HourCell[];
}

/** How many reports of people said an event or a field on a day. */
export interface SayingDay extends DayCount {
  /** `event`, or `field:<event>.<name>`. */
  readonly dimension: string;
  /** The event; of a field `null`: whatever its value is. */
  readonly value: string | null;
}

export interface FirstDaysQuestion extends Scope {
  /** A version counts from the first day with so many people. At least 1. */
  readonly people: number;
  /** The first day that is looked at, numbered since 1970. */
  readonly since: number;
}

/** The first day on which a version had so many people. */
export interface FirstDay {
  readonly project: string;
  /** In the one spelling that `foldFact()` gives. */
  readonly version: string;
  /** Numbered since 1970. */
  readonly day: number;
  /** Active on the day with the version. */
  readonly people: number;
}

export interface RecentQuestion extends Scope {
  /** At most `MAX_RECENT`. */
  readonly limit: number;
}

/** One of the people seen last. */
export interface RecentUser {
  readonly uid: Uint8Array;
  /** In milliseconds since 1970. */
  readonly firstSeen: number;
  /** In milliseconds since 1970. */
  readonly lastSeen: number;
  readonly os: string;
  readonly version: string;
  readonly reports: number;
}

/** What a cleaning would take of the users after one. */
export interface CleaningPageQuestion {
  readonly selection: CleaningSelection;
  /** `null` begins with the first user. */
  readonly after: Uint8Array | null;
}

/** The figures of some of a project's users. */
export interface CleaningPage {
  readonly figures: CleaningFigures;
  /** The user to go on after; `null` after the last page. */
  readonly next: Uint8Array | null;
  /** How many users were looked at. */
  readonly users: number;
}

/** Days from one to another on which the same time was set for a kind of data, and obeyed. */
export interface KeptSpan {
  readonly what: KeptInStore;
  /** The day of the first run with this time, numbered since 1970. */
  readonly firstRun: number;
  /** The day of the last run with this time, numbered since 1970. */
  readonly lastRun: number;
  /** Each run kept the days up to its own, so many. */
  readonly days: number;
}

export interface UserQuestion {
  readonly project: string;
  /** The user's keyed hash: 16 bytes. */
  readonly uid: Uint8Array;
}

/** All data of one user. */
export interface UserRecord {
  /** When the user was last deleted, in milliseconds since 1970; `null` if unknown or expired. */
  readonly deletedAt: number | null;
  /** What was counted since then; `null` if nothing was. */
  readonly counted: CountedUser | null;
}

/** What was counted of one user. */
export interface CountedUser {
  /** In milliseconds since 1970. */
  readonly firstSeen: number;
  /** In milliseconds since 1970. */
  readonly lastSeen: number;
  /** Numbered since 1970. */
  readonly firstDay: number;
  /** Numbered since 1970. It is kept for longer than other days. */
  readonly lastDay: number;
  /** The days of activity that are kept, numbered since 1970, in order. */
  readonly days: readonly number[];
  readonly reports: number;
  /** How many reports the user's installs say they lost. */
  readonly lost: number;
  /** The values of the newest report. */
  readonly dimensions: { readonly os: string; readonly version: string };
  /** The user's values on active days, in order of the days. */
  readonly history: readonly CountedDays[];
  /** The values of events and fields that reports said, by dimension and value. */
  readonly said: readonly SaidValue[];
  /** Whether every report came from a build farm. */
  readonly ci: boolean;
  readonly idSource: IdSource | null;
  readonly idPersisted: boolean | null;
  /** The keyed hash of the owner: 16 bytes; `null` if no report has named one. */
  readonly ownerHash: Uint8Array | null;
}

/** A value of `event` or `field:<event>.<name>` that a user's reports said. */
export interface SaidValue {
  readonly dimension: string;
  readonly value: string;
  /** Numbered since 1970, in order. */
  readonly days: readonly number[];
}

/** Consecutive active days with the same values. */
export interface CountedDays {
  /** The last of the days, numbered since 1970. */
  readonly lastDay: number;
  readonly values: Readonly<Record<UserDimension, string>>;
}
