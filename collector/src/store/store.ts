import type { IdSource } from 'headcount/wire';
import type { Interval } from '../counting/period.js';
import type { UserDimension } from '../counting/dimensions.js';
import type { Gap } from '../counting/tally.js';
import type { CountedReport, QualityKind } from '../counting/counted-report.js';
import type { FoldedQuality } from '../counting/fold.js';

/** Stores that answer at once and those that must wait share one contract. */
export type Eventually<Value> = Value | Promise<Value>;

/** A user to be forgotten. */
export interface Deletion {
  readonly project: string;
  /** The user's keyed hash: 16 bytes. */
  readonly uid: Uint8Array;
  /** Reports made up to here are not counted any more; in milliseconds since 1970. */
  readonly deletedAt: number;
}

/** Reports and deletions out of one journal, and how far they reach. */
export interface Batch {
  readonly journalId: string;
  /** The position in the journal that the batch follows on. */
  readonly after: number;
  /** The position in the journal of the last entry. */
  readonly upTo: number;
  readonly reports: readonly CountedReport[];
  /** To be done after the reports are counted. */
  readonly deletions: readonly Deletion[];
  /**
   * What else is to be counted of quality: of reports that count as nothing else.
   *
   * @default nothing
   */
  readonly quality?: readonly FoldedQuality[];
  /**
   * When the last of the reports and deletions was received, in milliseconds since 1970; `null` where
   * there are none.
   */
  readonly appliedAt: number | null;
}

/** The part of a store that counts. One writer per store. */
export interface StoreWriter {
  /** How far a journal has been counted; 0 for one never seen. */
  position(journalId: string): Eventually<number>;
  /**
   * Counts a batch and moves the journal's position, both or neither. Reports whose key is known
   * are counted as duplicates and as nothing else. A batch that does not follow on the position
   * changes nothing: it has been counted already.
   *
   * A deletion erases all that is kept of a user, as if the user had never reported, and leaves a
   * tombstone for {@link TOMBSTONE_DAYS}: reports made until then are counted as `forgotten` and
   * as nothing else. What holds no user stays: `quality`, `reports` and `reportValues`, and what
   * is counted of days longer ago than a user's days are kept. Someone unknown leaves the same
   * tombstone, and no project.
   */
  apply(batch: Batch): Eventually<void>;
  close(): Eventually<void>;
}

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

export interface ValuesQuestion extends DaysQuestion {
  /** One of `USER_DIMENSIONS` where people are asked for, else `event` or `field:<event>.<name>`. */
  readonly dimension: string;
}

/** The same for those who had a value on the day; see `Tally`. */
export interface ValueGapCount extends GapCount {
  readonly value: string;
}

/** How many reports of people had a value on a day. */
export interface ValueCount extends DayCount {
  readonly value: string;
}

export interface RetentionQuestion extends DaysQuestion {
  readonly interval: Interval;
}

/** How many people of a cohort came in a period; both are first days, the cohort's in `from` to `to`. */
export interface RetentionCell {
  readonly cohort: number;
  readonly period: number;
  readonly n: number;
}

/** Days of receipt by UTC, both included; all where they are left out. */
export interface QualityQuestion extends Scope {
  readonly from?: number;
  readonly to?: number;
}

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

export interface RecentQuestion extends Scope {
  /** At most {@link MAX_RECENT}. */
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

export interface UserQuestion {
  readonly project: string;
  /** The user's keyed hash: 16 bytes. */
  readonly uid: Uint8Array;
}

/** Everything that is kept of one user, for whoever holds the ID. */
export interface UserRecord {
  /** When the user was last deleted, while that is remembered; in milliseconds since 1970. */
  readonly deletedAt: number | null;
  /** What was counted of the user since; `null` if nothing is. */
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
  /** The days of activity that are kept, numbered since 1970, in order. */
  readonly days: readonly number[];
  readonly reports: number;
  /** How many reports the user's installs say to have lost. */
  readonly lost: number;
  /** The values of the newest report. */
  readonly dimensions: { readonly os: string; readonly version: string };
  /** What the user counts under on the days of activity, in their order. */
  readonly history: readonly CountedDays[];
  /** Whether every report came from a build farm. */
  readonly ci: boolean;
  readonly idSource: IdSource | null;
  readonly idPersisted: boolean | null;
}

/** Days of activity in a row on which a user counts under the same values. */
export interface CountedDays {
  /** The last of the days, numbered since 1970. */
  readonly lastDay: number;
  readonly values: Readonly<Record<UserDimension, string>>;
}

/** The part of a store that answers questions. */
export interface StoreReader {
  summary(question: SummaryQuestion): Eventually<Summary>;
  /** How active people were, in the order of days and gaps. */
  gaps(question: GapsQuestion): Eventually<readonly GapCount[]>;
  /** The same, told apart by a dimension of people, in the order of days, values and gaps. */
  valueGaps(question: ValuesQuestion): Eventually<readonly ValueGapCount[]>;
  /** Reports, in the order of the days. */
  reports(question: GapsQuestion): Eventually<readonly DayCount[]>;
  /** Reports, told apart by event or field, in the order of days and values. */
  reportValues(question: ValuesQuestion): Eventually<readonly ValueCount[]>;
  /** The dimensions that have values, in order. */
  dimensions(question: Scope): Eventually<readonly string[]>;
  /** In the order of cohorts and periods. */
  retention(question: RetentionQuestion): Eventually<readonly RetentionCell[]>;
  /** Newest first. */
  recent(question: RecentQuestion): Eventually<readonly RecentUser[]>;
  /** Every project that has been counted. */
  projects(): Eventually<readonly string[]>;
  /** One user, known or not. */
  user(question: UserQuestion): Eventually<UserRecord>;
  quality(question: QualityQuestion): Eventually<Partial<Record<QualityKind, number>>>;
  /** @throws If the store does not answer. */
  probe(): Eventually<void>;
  close(): Eventually<void>;
}

/** Where counts are kept. */
export interface Store {
  readonly writer: StoreWriter;
  readonly reader: StoreReader;
}

/** Values a dimension of a project may have; every further one is counted as {@link OTHER}. */
export const MAX_DIMENSION_VALUES = 1000;

/** Dimensions a project may have, the fields of its events among them; further ones are not counted. */
export const MAX_DIMENSIONS = 400;

/**
 * Values of all dimensions of a project with which it is full: the dimensions of reports get no new
 * ones then, further ones are counted as {@link OTHER}. Those of people still do, each up to
 * {@link MAX_DIMENSION_VALUES}: fields, which may say anything, must not use up the versions.
 */
export const MAX_PROJECT_VALUES = 20_000;

/** The value that stands for all beyond {@link MAX_DIMENSION_VALUES} and {@link MAX_PROJECT_VALUES}. */
export const OTHER = 'other';

/** People of a project who can be told of as those seen last. */
export const MAX_RECENT = 100;

/** Days for which the key of a report is remembered. */
export const REMEMBERED_DAYS = 35;

/** Days for which a deleted user's tombstone stays: longer than any client keeps a report. */
export const TOMBSTONE_DAYS = 35;
