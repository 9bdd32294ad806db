import type { Cleaning, CleaningStep } from '../rules/cleaning.js';
import type { CountedReport, QualityKind } from '../rules/counted-report.js';
import type { FoldedQuality } from '../rules/fold.js';
import type { GivenBack } from '../sqlite/give-back.js';
import type { ExportPage, ExportQuestion } from './export-rows.js';
import type { KeptInStore } from '../rules/kept-spans.js';
import type {
  CleaningPage,
  CleaningPageQuestion,
  CrossedCounts,
  CrossedQuestion,
  DayCount,
  DaysQuestion,
  FirstDay,
  FirstDaysQuestion,
  FullPlaces,
  GapCount,
  GapsQuestion,
  NewestCount,
  NewestQuestion,
  KeptSpan,
  OverviewQuestion,
  ProjectHours,
  ProjectOverview,
  PeopleQuestion,
  PeopleWindows,
  RecentQuestion,
  RecentUser,
  RetentionCell,
  RetentionQuestion,
  SayingDay,
  Scope,
  Summary,
  SummaryQuestion,
  UnusualDay,
  UserQuestion,
  UserRecord,
  ValueCount,
  ValueGapCount,
  ValueQuestion,
  ValuesQuestion,
  ValueWindows,
  WindowsQuestion,
} from './questions.js';

/** Where counts are kept. */
export interface Store {
  readonly writer: StoreWriter;
  readonly reader: StoreReader;
}

/** The questions of `Counts`, asked one by one. */
type AskedAlone = {
  readonly [Name in keyof Counts]: (
    question: Parameters<Counts[Name]>[0],
  ) => Eventually<ReturnType<Counts[Name]>>;
};

/** A value of a dimension. */
export interface DimensionValue {
  readonly dimension: string;
  readonly value: string;
}

/** Answers questions. */
export interface StoreReader extends AskedAlone {
  /** Answers several questions from one state of the counts. */
  together<Asked extends Questions>(questions: Asked): Eventually<Answers<Asked>>;
  /** Newest first. */
  recent(question: RecentQuestion): Eventually<readonly RecentUser[]>;
  /** For how long things were kept, in the order of kinds and days. It is empty before the first run. */
  keptSpans(): Eventually<readonly KeptSpan[]>;
  /**
   * Since when people are counted by what their reports said, in milliseconds since 1970; `null` if
   * there are no older counts.
   */
  saidSince(): Eventually<number | null>;
  /**
   * The day by UTC, numbered since 1970, on which the first counted report came whose country was
   * looked up; `null` if none has come.
   */
  countrySince(): Eventually<number | null>;
  /**
   * The first day on which all people are counted by age, numbered since 1970; `null` if there are no
   * older counts.
   */
  agesSince(): Eventually<number | null>;
  /** A part of an export. */
  exportPage(question: ExportQuestion): Eventually<ExportPage>;
  /** Every project with counts: of users, of reports, or of quality. */
  projects(): Eventually<readonly string[]>;
  /**
   * The keyed hash of a user's owner; `null` if the user is unknown or has none. It takes as long for
   * every user.
   */
  owner(question: UserQuestion): Eventually<Uint8Array | null>;
  /** Every value of a project that has a place, in no order. */
  values(question: { readonly project: string }): Eventually<readonly DimensionValue[]>;
  /** Whether something of each of some users is counted, in their order. */
  areKnown(question: { readonly users: readonly UserQuestion[] }): Eventually<readonly boolean[]>;
  /** One user, known or not. */
  user(question: UserQuestion): Eventually<UserRecord>;
  /** The cleanings of all projects, newest first. */
  cleanings(): Eventually<readonly Cleaning[]>;
  /** What a cleaning would take of a bounded part of a project. */
  cleaningPage(question: CleaningPageQuestion): Eventually<CleaningPage>;
  /**
   * A text that every other state of the counts has another one of, whichever node has counted; `null`
   * where one process alone counts, and knows by itself.
   */
  state(): Eventually<string | null>;
  /** @throws If the store does not answer. */
  probe(): Eventually<void>;
  close(): Eventually<void>;
}

/** The operations of a reader that a thread serves. */
export type ReaderOperations = Omit<StoreReader, 'close'>;

/**
 * Operations that cost the same however much is counted. They must never wait behind the others.
 */
export const LOOKUPS = [
  'projects',
  'values',
  'areKnown',
  'owner',
  'user',
  'cleanings',
  'cleaningPage',
  'state',
  'probe',
] as const satisfies readonly (keyof ReaderOperations)[];

/** The operations of a reader besides {@link LOOKUPS}. */
export type Questioning = Omit<ReaderOperations, (typeof LOOKUPS)[number]>;

/** The names of {@link ReaderOperations}. */
export const READER_OPERATIONS = Object.keys({
  summary: true,
  gaps: true,
  valueGaps: true,
  peopleWindows: true,
  valueWindows: true,
  valuePeople: true,
  reportWindows: true,
  newestValues: true,
  crossedDays: true,
  firstDays: true,
  hours: true,
  sayingDays: true,
  reports: true,
  reportValues: true,
  dimensions: true,
  fullPlaces: true,
  overview: true,
  values: true,
  areKnown: true,
  retention: true,
  quality: true,
  unusual: true,
  together: true,
  recent: true,
  keptSpans: true,
  saidSince: true,
  countrySince: true,
  agesSince: true,
  exportPage: true,
  projects: true,
  owner: true,
  user: true,
  cleanings: true,
  cleaningPage: true,
  state: true,
  probe: true,
} satisfies Record<keyof ReaderOperations, true>) as (keyof ReaderOperations)[];

/** Days of receipt by UTC, both included. Without them, all days. */
export interface QualityQuestion extends Scope {
  readonly from?: number;
  readonly to?: number;
}

/** The questions about counts, with their answers. */
export interface Counts {
  summary(question: SummaryQuestion): Summary;
  /** How active people were, in the order of days and gaps. */
  gaps(question: GapsQuestion): readonly GapCount[];
  /** The same by the values of a dimension of people, in the order of days, values and gaps. */
  valueGaps(question: ValuesQuestion): readonly ValueGapCount[];
  /** People in each window. */
  peopleWindows(question: PeopleQuestion): PeopleWindows;
  /**
   * People in each window by the values of a dimension, each once, in the order of the values.
   * Values without any are left out.
   *
   * @throws `TooCostlyError`
   */
  valueWindows(question: WindowsQuestion): readonly ValueWindows[];
  /** People with one value in each window, each once. */
  valuePeople(question: ValueQuestion): readonly number[];
  /** The same as {@link valueWindows} for reports by event or field. */
  reportWindows(question: WindowsQuestion): readonly ValueWindows[];
  /** Reports, in the order of the days. */
  reports(question: GapsQuestion): readonly DayCount[];
  /** Reports by event or field, in the order of days and values. */
  reportValues(question: ValuesQuestion): readonly ValueCount[];
  /**
   * People active since a day, by the value on the last day of their activity, in the order of the
   * other dimension's values and then of their own.
   *
   * @throws `TooCostlyError`
   */
  newestValues(question: NewestQuestion): readonly NewestCount[];
  /**
   * People by two values together, day by day, in no order.
   *
   * @throws `TooCostlyError`
   */
  crossedDays(question: CrossedQuestion): readonly CrossedCounts[];
  /**
   * The first day of each version with so many people, in the order of projects and versions. Versions
   * that never had so many are left out.
   *
   * @throws `TooCostlyError`
   */
  firstDays(question: FirstDaysQuestion): readonly FirstDay[];
  /** When reports came, hour by hour, in the order of projects; those of which nothing is known are left out. */
  hours(question: Scope): readonly ProjectHours[];
  /**
   * Reports by event, and by field whatever its value, in the order of dimensions, values and days.
   *
   * @throws `TooCostlyError`
   */
  sayingDays(question: DaysQuestion): readonly SayingDay[];
  /** The dimensions that have values, in order. */
  dimensions(question: Scope): readonly string[];
  /** What is over 80 % full, in the order of projects and dimensions. */
  fullPlaces(question: Scope): readonly FullPlaces[];
  /**
   * The figures of those of `projects()` with most people, in that order and then that of their names; at the
   * end those of all further projects together, if there are any.
   */
  overview(question: OverviewQuestion): readonly ProjectOverview[];
  /** In the order of cohorts and periods. */
  retention(question: RetentionQuestion): readonly RetentionCell[];
  quality(question: QualityQuestion): Partial<Record<QualityKind, number>>;
  /**
   * The days with unusually many new people, in the order of days and projects. Asked for all
   * projects: those of each, and those on which all together have unusually many, which come first.
   */
  unusual(question: DaysQuestion): readonly UnusualDay[];
}

/** Some of the questions, by their name. */
export type Questions = {
  readonly [Name in keyof Counts]?: Parameters<Counts[Name]>[0];
};

/** The answers to some questions, by their name. */
export type Answers<Asked extends Questions> = {
  readonly [Name in keyof Asked]: Name extends keyof Counts ? ReturnType<Counts[Name]> : never;
};

/** A deletion of a user. */
export interface Deletion {
  readonly project: string;
  /** The user's keyed hash: 16 bytes. */
  readonly uid: Uint8Array;
  /**
   * The keyed hash of the owner who asked for it: a user of another owner, or of none, stays. `null`
   * if the administrator asked.
   */
  readonly ownerHash: Uint8Array | null;
  /** Reports made up to this moment do not count; in milliseconds since 1970. */
  readonly deletedAt: number;
}

/** Reports and deletions of one journal, with their position in it. */
export interface Batch {
  /** A journal, or an epoch of one: a name under which no position is given twice. */
  readonly journalId: string;
  /** The position in the journal before the batch. */
  readonly after: number;
  /** The position in the journal of the last entry. */
  readonly upTo: number;
  readonly reports: readonly CountedReport[];
  /** Applied after the reports. */
  readonly deletions: readonly Deletion[];
  /**
   * The administrator's steps of cleaning, applied after the deletions.
   *
   * @default none
   */
  readonly cleanings?: readonly CleaningStep[];
  /**
   * Quality counts of reports that do not count otherwise.
   *
   * @default nothing
   */
  readonly quality?: readonly FoldedQuality[];
  /**
   * When the last report or deletion was received, in milliseconds since 1970; `null` without any.
   */
  readonly appliedAt: number | null;
}

/** A part of the work of dropping one kind of data. */
export interface DropSlice {
  readonly what: KeptInStore;
  /** How many days are kept, {@link today} among them. */
  readonly days: number;
  /** Numbered since 1970. */
  readonly today: number;
  /** Where the slice before has ended; `null` for the first. */
  readonly after: DropCursor | null;
  /** In milliseconds. */
  readonly limitMs: number;
  /** Whether nothing is dropped, but counted only. */
  readonly isDry: boolean;
}

/** A place in a store. Only the store that gave it understands it. */
export interface DropCursor {
  readonly table: number;
  readonly key: readonly (string | number | Uint8Array)[];
}

/** What a slice has dropped. */
export interface Dropped {
  readonly rows: number;
  /** About how much room the rows took, in bytes. */
  readonly bytes: number;
  /** Where the next slice begins; `null` if this was the last. */
  readonly next: DropCursor | null;
}

/** A part of the work of putting counts together that several nodes have added to. */
export type FoldSlice = Pick<DropSlice, 'after' | 'limitMs'>;

/** What a slice has put together. */
export type Folded = Pick<Dropped, 'rows' | 'next'>;

/** Counts batches. A store has one writer. */
export interface StoreWriter {
  /** The position up to which a journal is counted; 0 for an unknown journal. */
  position(journalId: string): Eventually<number>;
  /**
   * Counts a batch and moves the journal's position, both or neither. A report with a known key
   * only counts as a duplicate. A batch that does not start at the journal's position is ignored:
   * it has been counted already.
   *
   * Values get their places in the order of the reports. Before the first report of a project that
   * was received on a later day (UTC) than all before it, `giveUpPlaces()` is done for its newest
   * day so far, and the history of a value that gives its place up becomes `other`.
   *
   * A user's owner is the first that a counted report names. Duplicates and forgotten reports name
   * none.
   *
   * A deletion erases all data of a user, the owner included, and leaves a tombstone for
   * `TOMBSTONE_DAYS`, also if the user is unknown: reports made before it only count as `forgotten`. Counts that belong to no
   * user stay: `quality`, `reports`, `reportValues`, and days before those that are kept of a user.
   *
   * A cleaning takes out what is counted at its place among the reports, also if its work goes on
   * between later batches. No answer has what is taken out, but for a user's own record and owner.
   * Keys of reports stay known. Reports that come later count, and an undo puts what was taken before
   * them. A deletion erases also what is taken out of a user.
   */
  apply(batch: Batch): Eventually<void>;
  /** Whether a step of a cleaning is running. */
  hasWork(): Eventually<boolean>;
  /**
   * Does a bounded part of the running step of a cleaning.
   *
   * @returns Whether more is left to do.
   */
  work(): Eventually<boolean>;
  /**
   * Drops what is older than some days, for at most about {@link DropSlice.limitMs}. Answers about
   * dropped days still come from the counts of these days, but for `rollups` and `quality`, which are
   * these counts.
   *
   * - `activity`: users keep their first and their last day.
   * - `users`: those whose last day is older. They leave the totals of people, not those of reports,
   *   nor any day; a person who comes back is a new one.
   */
  drop(slice: DropSlice): Eventually<Dropped>;
  /** Makes fewer rows of counts that several nodes have added to. No answer changes. */
  fold(slice: FoldSlice): Eventually<Folded>;
  /** Gives room that no row needs any more back to the disk, for at most about some milliseconds. */
  giveBack(limitMs: number): Eventually<GivenBack>;
  close(): Eventually<void>;
}

/** Synchronous and asynchronous stores share one contract. */
type Eventually<Value> = Value | Promise<Value>;
