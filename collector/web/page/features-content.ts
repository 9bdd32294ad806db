import type { ValueShares, ValueSpan } from './value-shares.js';
import type { View } from './view.js';

/** What events are counted by. */
export const FEATURE_UNITS = ['people', 'reports'] as const;

export type FeatureUnit = (typeof FEATURE_UNITS)[number];

/** What people do with the program, as far as it reports. */
export interface FeaturesContent {
  readonly page: 'features';
  readonly view: View;
  readonly span: ValueSpan;
  readonly unit: FeatureUnit;
  /** All active people of the span. */
  readonly active: number;
  readonly reports: number;
  readonly events: readonly EventUse[];
  /** Events beyond those. */
  readonly leftOut: number;
  readonly mergedBelow: number | null;
  /** The weeks of the events' trends, each by its first day. */
  readonly weeks: readonly string[];
  /** The event whose fields are shown; `null` if none has any. */
  readonly event: EventFields | null;
  readonly silent: readonly SilentSaying[];
  /** What the manifest declares and nobody has reported; `null` if the caller may not see it. */
  readonly unused: readonly Declared[] | null;
  /** Days in which nobody has reported it. */
  readonly unusedDays: number;
}

export interface EventUse {
  readonly event: string;
  /** `null` if only its reports are known. */
  readonly people: number | null;
  /** Of all active people. */
  readonly share: number | null;
  readonly reports: number;
  /** Of all reports. */
  readonly reportShare: number;
  /** Of what is counted, in complete days, against the same number of days before. */
  readonly change: number | null;
  /** People in each week; `null` where they are not shown. */
  readonly trend: readonly (number | null)[];
  /** What the manifest says of it; `null` if it says nothing, or the caller may not see it. */
  readonly description: string | null;
}

export interface EventFields {
  readonly event: string;
  readonly fields: readonly FieldUse[];
}

export interface FieldUse {
  readonly name: string;
  /** How its values are shown: in their order as bars of a chart, or as a table. */
  readonly shape: 'ranges' | 'values';
  readonly kind: 'enum' | 'boolean' | 'bucket' | 'semver' | 'count' | null;
  /** How many values the manifest allows; `null` if it does not say. */
  readonly allowed: number | null;
  /** What is counted: sums of many numbers are of reports. */
  readonly unit: FeatureUnit;
  readonly values: ValueShares;
}

/** An event or field that has come and comes no longer. */
export interface SilentSaying {
  readonly kind: 'event' | 'field';
  /** `build`, `build.bundler` */
  readonly name: string;
  readonly lastDate: string | null;
  /** Days since then on which what may have it came. */
  readonly daysWithout: number | null;
  /** The most such days from one of its days to the next. */
  readonly longGapDays: number | null;
}

export interface Declared {
  readonly kind: 'event' | 'field';
  readonly name: string;
  readonly description: string | null;
}
