import type { Reason } from './day-reason.js';
import type { Change } from './overview-changes.js';
import type { ProblemName } from './problem-content.js';
import type { Status } from './overview-status.js';
import type { Part } from './part.js';
import type { View } from './view.js';

/** `/p/<project>`: what is looked at in the morning. */
export interface OverviewContent {
  readonly page: 'overview';
  readonly view: View;
  readonly status: Status;
  readonly headline: Part<Headline>;
  readonly active: Part<ActiveDays>;
  readonly growth: Part<GrowthPeriods>;
  readonly versions: Part<VersionsNow>;
  readonly changes: Part<readonly Change[]>;
  /** The day that was asked for, with what changed on it; `null` without one. */
  readonly opened: Part<OpenedDay> | null;
}

export interface Headline {
  /** The last day of all figures but `today`, if it is not yesterday: that of the range; else `null`. */
  readonly until: string | null;
  /** The first day with people; `null` if it is not known. */
  readonly firstDate: string | null;
  /** People of the 28 days up to yesterday, or to `until`. */
  readonly month: Figure;
  /** How sure it is that these are people. */
  readonly band: Readonly<Record<'certain' | 'likely' | 'ephemeral', number>> | null;
  /** Who is counted, in the project's own words. */
  readonly coverage: string | null;
  readonly yesterday: Figure;
  /** People of the 7 days up to yesterday, or to `until`. */
  readonly week: Figure;
  /** People of the running day, so far. It is compared with nothing. */
  readonly today: number;
}

/** The people of some days that are over. */
export interface Figure {
  /** `null` on days before the first report, of which nothing is known. */
  readonly people: number | null;
  /** As a share of those that it is compared with; `null` if there is nothing to compare with. */
  readonly change: number | null;
  /** The last day of those that it is compared with. */
  readonly comparedTo: string | null;
  /** How the figure went, oldest first; empty for that of 28 days. */
  readonly course: readonly (number | null)[];
}

export interface ActiveDays {
  readonly days: readonly ActiveDay[];
  /** Days outside the band, the earliest first. */
  readonly flagged: readonly FlaggedDay[];
  readonly releases: readonly { readonly date: string; readonly version: string }[];
  /** What the administrator has noted. */
  readonly notes: readonly DayNote[];
  /** Complete days that are known, and that a forecast needs; `null` if there is none to see. */
  readonly forecast: { readonly daysKnown: number; readonly daysNeeded: number } | null;
  /** Why there is no forecast though there should be one, in English. */
  readonly failure: ProblemName | null;
  /** The first day with people; `null` if it is not known. */
  readonly firstDate: string | null;
}

export interface ActiveDay {
  readonly date: string;
  readonly people: number;
  readonly isOver: boolean;
  readonly forecast: {
    readonly expected: number;
    readonly low: number;
    readonly high: number;
  } | null;
  /** People a year before; absent if the page does not compare with them. */
  readonly compared?: number | null;
}

export interface FlaggedDay {
  readonly date: string;
  readonly people: number;
  readonly expected: number | null;
  readonly reasons: readonly Reason[];
}

export interface DayNote {
  readonly date: string;
  readonly to: string;
  readonly kind: 'note' | 'incident';
  readonly text: string;
}

export interface GrowthPeriods {
  readonly period: 'day' | 'week' | 'month';
  /** Who was seen in so many days is active. */
  readonly windowDays: 7 | 28;
  readonly periods: readonly GrowthPeriod[];
}

/** `active` is `before + new + cameBack - lost`. */
export interface GrowthPeriod {
  readonly date: string;
  readonly before: number;
  readonly active: number;
  readonly new: number;
  readonly cameBack: number;
  readonly lost: number;
  readonly isOver: boolean;
}

export interface VersionsNow {
  /** All versions in the order in which they came, which decides their colours. */
  readonly known: readonly string[];
  /** The newest first; all others at the end. */
  readonly parts: readonly VersionPart[];
  readonly newest: VersionHalf | null;
  readonly previous: VersionHalf | null;
  /** People on versions that the project no longer supports; `null` if it names none. */
  readonly ended: { readonly share: number; readonly versions: readonly string[] } | null;
}

export interface VersionPart {
  /** `null` for all others. */
  readonly version: string | null;
  readonly people: number;
  readonly share: number;
}

/** How long a version took until half of the people had it; `null` if they have not yet. */
export interface VersionHalf {
  readonly version: string;
  readonly days: number | null;
}

export interface OpenedDay {
  readonly date: string;
  readonly isOver: boolean;
  readonly people: number;
  readonly expected: number | null;
  readonly reasons: readonly Reason[];
  readonly releases: readonly string[];
  readonly notes: readonly DayNote[];
  /** The day that it is compared with: the same weekday before. */
  readonly before: string;
  readonly checks: {
    readonly refusedShare: number;
    readonly lateShare: number;
    readonly lost: number;
  } | null;
  readonly tables: readonly DayTable[];
}

export interface DayTable {
  readonly dimension: 'version' | 'os' | 'channel';
  readonly rows: readonly DayValue[];
}

export interface DayValue {
  readonly value: string;
  /** `null` if they are too few to be shown, or none. */
  readonly people: number | null;
  readonly before: number | null;
}
