/**
 * How an install's anonymous ID was first made.
 *
 * - `machine`: a keyed hash of the machine ID and the OS user.
 * - `time`: random, because no machine ID was available.
 * - `copied`: as `machine`, made again because the stored ID came with a home folder from another
 *   machine.
 * - `given`: set by a parent process in `HEADCOUNT_ANONYMOUS_ID`.
 * - `ci`: one ID for all runs of a CI vendor, because such runs are not users.
 */
export type IdSource = 'machine' | 'time' | 'copied' | 'given' | 'ci';

/**
 * How an app can come to a machine: the tool that installed it, or the form of the package.
 * `standalone` is a program that contains its runtime, `source` a checkout of its code, `store` a
 * store of the system's vendor.
 */
export const CHANNELS = [
  ...(['npm', 'npx', 'pnpm', 'yarn', 'bun', 'deno'] as const),
  ...(['brew', 'scoop', 'choco', 'winget'] as const),
  ...(['deb', 'rpm', 'apk', 'pacman', 'nix', 'snap', 'flatpak', 'appimage'] as const),
  ...(['docker', 'standalone', 'store', 'source', 'other'] as const),
] as const;

/** One of {@link CHANNELS}. */
export type Channel = (typeof CHANNELS)[number];

/**
 * How much the user lets the app report: `basic` is the event `startup` and `alive` without
 * fields, and nothing else.
 */
export type Level = 'full' | 'basic';

/** Facts about the app, its runtime and its system. Every value is coarse. */
export interface ReportInfo {
  /** The system's name as Python's `platform.system()` gives it: `Linux`, `Darwin`, `Windows`. */
  readonly os: string;
  /** Major and minor number of the system's release, such as `6.18`; on Windows `10` or `11`. */
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
  /** Whether the ID was stored, so that the next run sends the same one. */
  readonly id_persisted: boolean;
  /** The CI vendor (`github-actions`), `unknown` for a CI without a name, or `null` outside CI. */
  readonly ci: string | null;
  /** Whether the process runs in a container. */
  readonly container: boolean;
  /** Whether the process runs in the Windows Subsystem for Linux. */
  readonly wsl: boolean;
  /** The coding agent that started the process, or `null`. */
  readonly agent: string | null;
  /** How the app was installed, or `null` if that is not known. */
  readonly channel: Channel | null;
  /** How much the user lets the app report. */
  readonly level: Level;
}

/** The value of a declared field: a word, a bucket's label, a version, a boolean or a count. */
export type FieldValue = string | number | boolean;

/**
 * One report, as it is sent: a JSON object. It does not change after it was first sent, so that a
 * collector counts it once, however often it is sent.
 */
export interface Report {
  /** A UUIDv7 (RFC 9562). Collectors count reports with the same one once. */
  readonly report_id: string;
  /** `[0-9a-f]{16}` or `ci-<vendor>`; collectors accept any string of 1–128 characters. */
  readonly anonymous_id: string;
  /**
   * 32 hex digits: a hash of the proof that this collector asks of a person who wants to see or
   * delete the data of the ID. Absent if the install cannot keep the secret of the proof.
   */
  readonly owner?: string;
  /** When the event happened by the client's clock: ISO 8601, UTC, with milliseconds. */
  readonly timestamp: string;
  /** The project that the report is counted for, usually the app's package name. */
  readonly project: string;
  /** The declared name of the event. */
  readonly event: string;
  /** The total number of reports that this install has dropped so far. */
  readonly lost_total: number;
  /** Facts about the app, its runtime and its system. */
  readonly info: ReportInfo;
  /** The event's declared fields. Absent when it has none. */
  readonly fields?: Readonly<Record<string, FieldValue>>;
}

/** The body of `POST /v1/reports` for many reports at once. */
export interface ReportBatch {
  /**
   * The client's time when it sends, ISO 8601 UTC; made anew for each attempt. The collector corrects
   * wrong clocks by it.
   */
  readonly sent_at: string;
  /** At most {@link MAX_BATCH_REPORTS} reports. */
  readonly reports: readonly Report[];
}

/** One report of a batch that a collector refused. */
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

/** The answer to `POST /v1/reports`: how many reports are stored, and which were refused. */
export interface Verdict {
  readonly accepted: number;
  readonly rejected: readonly RejectedReport[];
}

/** The most reports that one request may contain. */
export const MAX_BATCH_REPORTS = 500;

/** The event that `track()` reports if it is called without a name. */
export const STARTUP_EVENT = 'startup';

/**
 * The event that Headcount itself reports while a program runs. Every manifest allows it, and an
 * app cannot declare it.
 */
export const ALIVE_EVENT = 'alive';

/**
 * Increased when every report contains more than before (a new fact in `info`): users who agreed
 * to less are told again.
 */
export const REPORT_FACTS_VERSION = 2;
