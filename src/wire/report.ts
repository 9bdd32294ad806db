/**
 * How an install's anonymous ID was first made.
 *
 * - `machine`: a keyed hash of the machine ID and the OS user.
 * - `time`: random, made at a moment when no machine ID was to be had.
 * - `copied`: as `machine`, made anew because the stored ID came with a home from another machine.
 * - `given`: handed down by a parent in `HEADCOUNT_ANONYMOUS_ID`.
 * - `ci`: one ID for all runs of a CI vendor; such runs are no people.
 */
export type IdSource = 'machine' | 'time' | 'copied' | 'given' | 'ci';

/** What a report says about where it came from. Every value is coarse by construction. */
export interface ReportInfo {
  /** The system's name as Python's `platform.system()` gives it: `Linux`, `Darwin`, `Windows`. */
  readonly os: string;
  /** Major and minor number of the system's release, such as `6.18`. */
  readonly os_version: string;
  /** The processor architecture the runtime was built for, such as `x64` or `arm64`. */
  readonly arch: string;
  /** The version of the app that reports. */
  readonly version: string;
  /** The runtime's name: `node`, `bun` or `deno`. */
  readonly runtime: string;
  /** Major and minor number of the runtime, such as `20.20`. */
  readonly runtime_version: string;
  /** How the anonymous ID was first made. */
  readonly id_source: IdSource;
  /** Whether the ID was stored, so that the next run will send the same one. */
  readonly id_persisted: boolean;
  /** The CI vendor (`github-actions`), `unknown` for a CI without a name, or `null` outside CI. */
  readonly ci: string | null;
  /** Whether the process runs in a container. */
  readonly container: boolean;
  /** Whether the process runs in the Windows Subsystem for Linux. */
  readonly wsl: boolean;
  /** The coding agent that started the process, or `null`. */
  readonly agent: string | null;
}

/** The value of a declared field: an enumeration's member, a bucket's label, a semver, a boolean or a count. */
export type FieldValue = string | number | boolean;

/**
 * One report, as it is sent: a JSON object. It never changes once it was first sent, so that
 * sending it any number of times counts once.
 */
export interface Report {
  /** A UUIDv7 (RFC 9562), the key of deduplication. */
  readonly report_id: string;
  /** `[0-9a-f]{16}` or `ci-<vendor>`; collectors take any string of 1–128 characters. */
  readonly anonymous_id: string;
  /** When the event happened by the client's clock: ISO 8601, UTC, with milliseconds. */
  readonly timestamp: string;
  /** The project the report counts for, usually the app's package name. */
  readonly project: string;
  /** The declared name of the event. */
  readonly event: string;
  /** How many reports this install has had to drop so far, all told. */
  readonly lost_total: number;
  /** Facts about the app, its runtime and its system. */
  readonly info: ReportInfo;
  /** The event's declared fields. Absent when it has none. */
  readonly fields?: Readonly<Record<string, FieldValue>>;
}

/** The body of `POST /v1/reports` for many reports at once. */
export interface ReportBatch {
  /** The client's clock at the moment of sending, ISO 8601 UTC: corrects a wrong clock. */
  readonly sent_at: string;
  /** At most {@link MAX_BATCH_REPORTS} reports. */
  readonly reports: readonly Report[];
}

/** One report that a collector refused out of a batch. */
export interface RejectedReport {
  /** Its position in the batch, from 0. */
  readonly index: number;
  /** Why, as a stable code. */
  readonly code: string;
  /** JSON pointer of the field, such as `/info`. */
  readonly path: string;
  /** Whether sending it again can succeed. */
  readonly retry: boolean;
}

/** The answer to `POST /v1/reports`: what is on the collector's disk, and what was refused. */
export interface Verdict {
  readonly accepted: number;
  readonly rejected: readonly RejectedReport[];
}

/** The most reports one request may carry. */
export const MAX_BATCH_REPORTS = 500;

/** The event that `track()` reports when it is given no name. */
export const STARTUP_EVENT = 'startup';

/**
 * Raised whenever reports say more of everybody than before (a new fact in `info`): who agreed to
 * less is told again.
 */
export const REPORT_FACTS_VERSION = 1;
