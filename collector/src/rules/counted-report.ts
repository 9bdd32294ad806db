import type { FieldValue, IdSource } from 'headcount/wire';
import type { Mark } from '../journal/journal-entry.js';

/** What is counted of the quality of reports, per project and day of receipt. */
export type QualityKind =
  | 'accepted'
  | 'duplicates'
  | 'late'
  | 'timestamps_clamped'
  | 'uncountable'
  | 'too_old'
  | 'forgotten'
  | `rejected:${string}`
  | Mark;

/** A report ready to be counted: its moment and its day are settled. */
export interface CountedReport {
  readonly project: string;
  /** The user's keyed hash: 16 bytes. */
  readonly uid: Buffer;
  /** The key of deduplication, 16 bytes; `null` counts every time. */
  readonly reportKey: Buffer | null;
  /** The instant it counts for, in milliseconds since 1970. */
  readonly at: number;
  /**
   * When it was made, in milliseconds since 1970: like {@link at}, but as late as it truly is. A
   * report that was made before its user asked to be forgotten is not counted.
   */
  readonly madeAt: number;
  /** The day of {@link at} in the project's time zone, numbered since 1970. */
  readonly day: number;
  /** The day it was received by UTC, numbered since 1970. */
  readonly receivedDay: number;
  readonly os: string;
  readonly version: string;
  /** The other facts that were given, by their names in `info`. */
  readonly facts: Readonly<Record<string, string>>;
  /** The event's name; `null` where it is not known. */
  readonly event: string | null;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** How many reports the install has had to drop so far, all told; `null` if it did not say. */
  readonly lostTotal: number | null;
  /** Whether a build farm sent it, not a person. */
  readonly ci: boolean;
  readonly idSource: IdSource | null;
  readonly idPersisted: boolean | null;
  readonly marks: readonly QualityKind[];
}
