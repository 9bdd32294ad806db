import type { FieldValue, IdSource } from 'headcount/wire';

/** What the intake corrected in a report. Each mark is counted, per project and day. */
export type Mark =
  | 'unknown_fields'
  | 'undeclared_events'
  | 'undeclared_fields'
  | 'undeclared_values'
  | 'values_cut'
  | 'values_unexpected'
  | 'values_over_limit'
  | 'timestamps_unreadable';

/** Kinds of quality counts, per project and day of receipt. */
export type QualityKind =
  | 'accepted'
  | 'duplicates'
  | 'late'
  | 'timestamps_clamped'
  | 'clock_corrected'
  | 'delayed'
  | 'day_uncertain'
  | 'uncountable'
  | 'too_old'
  | 'forgotten'
  | 'lost_in_restore'
  | 'unknown_losses'
  | `rejected:${string}`
  | Mark;

/** The content of a report that is kept, in the journal and for counting. */
export interface ReportContent {
  readonly project: string;
  /** The user's keyed hash: 16 bytes. */
  readonly uid: Buffer;
  /** The keyed hash of the owner that it names: 16 bytes; `null` if it names none. */
  readonly ownerHash: Buffer | null;
  /** The key of deduplication, 16 bytes; `null` counts every time, as in the first generation. */
  readonly reportKey: Buffer | null;
  readonly os: string;
  readonly version: string;
  /** The other facts by their names in `info`; booleans are `true` or `false`. */
  readonly facts: Readonly<Record<string, string>>;
  /** The event's name; `null` in reports of the first generation, and where it may not be kept. */
  readonly event: string | null;
  /** The event's fields that may be kept. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** How many reports the install has dropped so far in all; `null` if it did not say. */
  readonly lostTotal: number | null;
  /** Whether a build farm sent it, not a person. */
  readonly ci: boolean;
  readonly idSource: IdSource | null;
  readonly idPersisted: boolean | null;
}

/** A report ready to be counted: its moment and its day are settled. */
export interface CountedReport extends ReportContent {
  /** The instant it counts for, in milliseconds since 1970. */
  readonly at: number;
  /**
   * When it was made, in milliseconds since 1970: like {@link at}, but not moved to the moment of
   * receipt when it is very late. A report made before its user's deletion is not counted.
   */
  readonly madeAt: number;
  /** The day of {@link at} in the project's time zone, numbered since 1970. */
  readonly day: number;
  /** When it was received, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** The day it was received by UTC, numbered since 1970. */
  readonly receivedDay: number;
  readonly marks: readonly QualityKind[];
}
