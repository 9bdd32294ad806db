import type { IdSource } from 'headcount/wire';
import type { CountedReport, QualityKind } from '../counting/counted-report.js';

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
  /** When it is applied, in milliseconds since 1970. */
  readonly appliedAt: number;
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
   * A deletion erases all that is kept of a user, as if there had never been a report, and leaves
   * a tombstone for {@link TOMBSTONE_DAYS}: reports made until then are counted as `forgotten` and
   * as nothing else. What holds no user, such as `quality`, stays. Someone unknown leaves the same
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
  /** IDs that only build farms have reported with. */
  readonly ciUsers: number;
  /** Reports of people and build farms, each once. */
  readonly totalReports: number;
  /** Most users first. */
  readonly os: readonly Share[];
  /** Most users first. */
  readonly version: readonly Share[];
  /** When the counts last changed, in milliseconds since 1970; `null` if they never did. */
  readonly changedAt: number | null;
}

export interface RecentQuestion extends Scope {
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
  /** The days of activity that are kept, numbered since 1970, in order. */
  readonly days: readonly number[];
  readonly reports: number;
  /** The latest value of each dimension, by its name. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Whether every report came from a build farm. */
  readonly ci: boolean;
  readonly idSource: IdSource | null;
  readonly idPersisted: boolean | null;
}

/** The part of a store that answers questions. */
export interface StoreReader {
  summary(question: SummaryQuestion): Eventually<Summary>;
  /** Newest first. */
  recent(question: RecentQuestion): Eventually<readonly RecentUser[]>;
  /** Every project that has been counted. */
  projects(): Eventually<readonly string[]>;
  /** One user, known or not. */
  user(question: UserQuestion): Eventually<UserRecord>;
  quality(question: Scope): Eventually<Partial<Record<QualityKind, number>>>;
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

/** The value that stands for all beyond {@link MAX_DIMENSION_VALUES}. */
export const OTHER = 'other';

/** Days for which the key of a report is remembered. */
export const REMEMBERED_DAYS = 35;

/** Days for which a deleted user's tombstone stays: longer than any client keeps a report. */
export const TOMBSTONE_DAYS = 35;
