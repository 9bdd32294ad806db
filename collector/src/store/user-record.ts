import type { IdSource } from 'headcount/wire';
import type { UserDimension } from '../counting/dimensions.js';

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
