import type { View } from './view.js';

/** How versions are put together. */
export const VERSION_GROUPINGS = ['major', 'minor', 'patch'] as const;

export type VersionGrouping = (typeof VERSION_GROUPINGS)[number];

/** Which versions people use, and since when. */
export interface VersionsContent {
  readonly page: 'versions';
  readonly view: View;
  readonly grouping: VersionGrouping;
  /** All that are known, in the order in which they came: what slots are given by. */
  readonly known: readonly string[];
  readonly days: VersionDays;
  readonly support: VersionSupport;
  /** The oldest version to be supported, of the URL; `null` without one. */
  readonly fromVersion: string | null;
  /** The part of a version that the table is searched for; `null` without one. */
  readonly find: string | null;
  /** The versions with it, the latest first; `null` without a search. */
  readonly found: readonly VersionRow[] | null;
  /** Whether the table shows all versions. */
  readonly showsAll: boolean;
}

/** The shares of the people of each day. */
export interface VersionDays {
  readonly dates: readonly string[];
  /** The last day is not over. */
  readonly lastIsRunning: boolean;
  /** The latest first; those that are no version at the end. */
  readonly series: readonly VersionShares[];
  readonly releases: readonly VersionRelease[];
  /** Versions of fewer people are a part of `other`; `null` if none are. */
  readonly mergedBelow: number | null;
}

export interface VersionShares {
  readonly version: string;
  /** `null` where nothing is known of the day, or the version is a part of `other`. */
  readonly shares: readonly (number | null)[];
}

export interface VersionRelease {
  readonly date: string;
  readonly version: string;
}

/** The people of 28 days by the version that they used last. */
export interface VersionSupport {
  /**
   * There are too many people to look at each: these are those that had the version at all, so that
   * some count twice, and there is no support line.
   */
  readonly isRough: boolean;
  readonly windowDays: number;
  readonly total: number;
  /** Versions beyond those in the rows. */
  readonly leftOut: number;
  /** The latest first; those that are no version at the end. */
  readonly rows: readonly VersionRow[];
}

export interface VersionRow {
  readonly version: string;
  readonly people: number;
  readonly share: number;
  /** On it or a later one; `null` for what is no version. */
  readonly peopleFromHere: number | null;
  readonly shareFromHere: number | null;
  /** The day it was first seen; `null` if that is not known. */
  readonly firstDate: string | null;
  /** Days from then until half of the people had it or a later one; `null` if not yet. */
  readonly daysToHalf: number | null;
  /** Days from that of its largest share to that from which it had half of it at most. */
  readonly halfLifeDays: number | null;
  /** The project does not support it any longer. */
  readonly isEnded: boolean;
}
