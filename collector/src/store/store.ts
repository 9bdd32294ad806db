import type { CountedReport, QualityKind } from '../rules/counted-report.js';
import type { FoldedQuality } from '../rules/fold.js';
import type {
  DayCount,
  GapCount,
  GapsQuestion,
  RecentQuestion,
  RecentUser,
  RetentionCell,
  RetentionQuestion,
  Scope,
  Summary,
  SummaryQuestion,
  UserQuestion,
  UserRecord,
  ValueCount,
  ValueGapCount,
  ValuesQuestion,
} from './questions.js';

/** Where counts are kept. */
export interface Store {
  readonly writer: StoreWriter;
  readonly reader: StoreReader;
}

/** The questions about counts, each by itself. */
type AskedAlone = {
  readonly [Name in keyof Counts]: (
    question: Parameters<Counts[Name]>[0],
  ) => Eventually<ReturnType<Counts[Name]>>;
};

/** The part of a store that answers questions. */
export interface StoreReader extends AskedAlone {
  /** Answers some questions from one state of the counts: what is counted meanwhile is in none. */
  together<Asked extends Questions>(questions: Asked): Eventually<Answers<Asked>>;
  /** Newest first. */
  recent(question: RecentQuestion): Eventually<readonly RecentUser[]>;
  /** Every project that has been counted. */
  projects(): Eventually<readonly string[]>;
  /** One user, known or not. */
  user(question: UserQuestion): Eventually<UserRecord>;
  /** @throws If the store does not answer. */
  probe(): Eventually<void>;
  close(): Eventually<void>;
}

/** What a reader is asked across a thread's border: everything but `close`. */
export type ReaderOperations = Omit<StoreReader, 'close'>;

/** The names of {@link ReaderOperations}. */
export const READER_OPERATIONS = Object.keys({
  summary: true,
  gaps: true,
  valueGaps: true,
  reports: true,
  reportValues: true,
  dimensions: true,
  retention: true,
  quality: true,
  together: true,
  recent: true,
  projects: true,
  user: true,
  probe: true,
} satisfies Record<keyof ReaderOperations, true>) as (keyof ReaderOperations)[];

/** Days of receipt by UTC, both included; all where they are left out. */
export interface QualityQuestion extends Scope {
  readonly from?: number;
  readonly to?: number;
}

/** What a store has counted: the questions by their name, what each is asked with, its answer. */
export interface Counts {
  summary(question: SummaryQuestion): Summary;
  /** How active people were, in the order of days and gaps. */
  gaps(question: GapsQuestion): readonly GapCount[];
  /** The same, told apart by a dimension of people, in the order of days, values and gaps. */
  valueGaps(question: ValuesQuestion): readonly ValueGapCount[];
  /** Reports, in the order of the days. */
  reports(question: GapsQuestion): readonly DayCount[];
  /** Reports, told apart by event or field, in the order of days and values. */
  reportValues(question: ValuesQuestion): readonly ValueCount[];
  /** The dimensions that have values, in order. */
  dimensions(question: Scope): readonly string[];
  /** In the order of cohorts and periods. */
  retention(question: RetentionQuestion): readonly RetentionCell[];
  quality(question: QualityQuestion): Partial<Record<QualityKind, number>>;
}

/** Some of the questions, by their name. */
export type Questions = {
  readonly [Name in keyof Counts]?: Parameters<Counts[Name]>[0];
};

/** The answers to some questions, by their name. */
export type Answers<Asked extends Questions> = {
  readonly [Name in keyof Asked]: Name extends keyof Counts ? ReturnType<Counts[Name]> : never;
};

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
   * tombstone for `TOMBSTONE_DAYS`: reports made until then are counted as `forgotten` and
   * as nothing else. What holds no user stays: `quality`, `reports` and `reportValues`, and what
   * is counted of days longer ago than a user's days are kept. Someone unknown leaves the same
   * tombstone, and no project.
   */
  apply(batch: Batch): Eventually<void>;
  close(): Eventually<void>;
}

/** Stores that answer at once and those that must wait share one contract. */
type Eventually<Value> = Value | Promise<Value>;
