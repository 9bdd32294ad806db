import type { ChoiceResult } from './consent/choice.js';
import type { Consent } from './consent/decide.js';
import type { DropCounts, FieldDropCounts } from './drop-reasons.js';
import type { SetupFault } from './project/setup.js';
import type {
  EventDeclarations,
  EventFields,
  EventName,
  TimedEventName,
} from './report/declared-events.js';
import type { SanitizeCounts } from './report/sanitizer.js';
import type { ManifestEvents } from './wire/manifest.js';
import type {
  DiagnoseResult,
  ExportResult,
  ForgetResult,
  ProofsResult,
  ShowResult,
} from './delivery/answers.js';
import type { IdSource, Level } from './wire/report.js';

/** Telemetry for one project. After set-up, no method throws, rejects or prints. */
export interface Headcount<Events extends EventDeclarations = EventDeclarations> {
  /**
   * Reports an event. Appends one line to a file on this machine; another thread or process sends
   * it later. Does nothing while telemetry is off. An event that was not declared is dropped and
   * counted. A field that was not declared, or has a value that was not, is left out and counted.
   *
   * @param event - a name declared in the option `events`, or `startup`
   * @param fields - values of the event's declared fields; any of them may be left out
   * @example
   * headcount.track();
   * headcount.track('build', { bundler: 'vite', pages: 12 });
   */
  track<Name extends EventName<Events>>(event?: Name, fields?: EventFields<Events, Name>): void;
  /**
   * Runs a function, and reports how long it took (`durationMs`) and whether it failed (`outcome`:
   * `ok` or `error`), if the event declares these fields; `timed: true` declares both. If the
   * function returns a promise, the time ends when the promise is settled. The text of an error is
   * never read.
   *
   * @param event - a name declared in the option `events`
   * @param run - called once, immediately, whether telemetry is on or off
   * @returns what `run` returns; errors and rejections are passed on unchanged
   * @example
   * const site = await headcount.time('build', () => build(), { bundler: 'vite' });
   */
  time<Name extends TimedEventName<Events>, Result>(
    event: Name,
    run: () => Result,
    fields?: EventFields<Events, Name>,
  ): Result;
  /**
   * Sends the queued reports now: for servers and serverless functions. The process stays alive
   * until they are sent, at most `timeoutMs`. A program that ends by itself needs no flush.
   *
   * @param options - `timeoutMs`: 0–60 000, default 3 000
   * @returns how many reports were sent, stay queued and were dropped; never rejects
   */
  flush(options?: { readonly timeoutMs?: number }): Promise<FlushResult>;
  /**
   * Flushes as {@link Headcount.flush} does, then stops, all within `timeoutMs`: no timer, thread
   * or listener is left. Later calls of `track()` do nothing; a later `createHeadcount()` makes a
   * new instance.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<FlushResult>;
  /**
   * The text that tells the user what is collected and how to turn it off. It is returned once,
   * and again after the declared events have changed. The app must print it, to stderr: a text
   * that was returned counts as shown.
   *
   * @returns `undefined` if the user was told already, or if nothing is collected
   * @example
   * const text = headcount.notice();
   * if (text) console.error(text);
   */
  notice(): string | undefined;
  /**
   * Saves the user's choice to turn telemetry off for this project, now and in later runs. Deletes
   * the queued reports. Keeps the ID, so that {@link Headcount.forget} still works.
   *
   * @returns whether the choice was saved, and if not, why. In this process telemetry is off
   * anyway.
   */
  optOut(): Promise<ChoiceResult>;
  /**
   * Saves the user's choice to turn telemetry on, whatever the option `mode` says. Reports from
   * before the choice are never sent. Environment variables still take precedence.
   */
  optIn(options?: {
    /**
     * `basic`: only the events `startup` and `alive` are reported, without fields.
     *
     * @default 'full'
     */
    readonly level?: Level;
  }): Promise<ChoiceResult>;
  /**
   * The queued requests exactly as they would be sent, and the last one that was. Sends nothing.
   */
  show(): Promise<ShowResult>;
  /**
   * What opens the data about this user at the same collectors as {@link Headcount.export} asks: the
   * ID and the proof. Whoever has them can see and delete the data. Asks no collector.
   */
  proofs(): Promise<ProofsResult>;
  /**
   * The data that collectors have about this user: all that have acknowledged reports of this
   * install, and the one that is named now. Each gets another proof that the ID is this user's,
   * made from a secret that never leaves this machine.
   */
  export(): Promise<ExportResult>;
  /**
   * Asks the same collectors as {@link Headcount.export} to delete all data about this user, and
   * deletes the ID and the queue here. Their receipts are kept beside the user's choice. What a
   * collector has not confirmed is asked for again by the next `forget()`. Telemetry stays on or
   * off as it was; later reports get a new ID that cannot be linked to the old one.
   */
  forget(): Promise<ForgetResult>;
  /** Checks every step from consent to the collector's answer. Sends no report. */
  diagnose(): Promise<DiagnoseResult>;
  /** All declared events, `startup` and `alive` included, in the form of a manifest. */
  readonly events: ManifestEvents;
  /** What Headcount is doing in this process, and why. */
  status(): Status;
}

/** The part of {@link Headcount} that the commands for users need. */
export type ForUsers = Pick<
  Headcount,
  'status' | 'events' | 'optIn' | 'optOut' | 'show' | 'proofs' | 'export' | 'forget' | 'diagnose'
>;

/**
 * What `flush()` and `close()` resolve to, in numbers of reports. An attempt that was under way counts
 * too. What was sent or dropped before the call is in `status()` only. If calls overlap, each report
 * is in the result of the first that ends.
 */
export interface FlushResult {
  /** Acknowledged by the collector during the call. */
  readonly sent: number;
  /** Still in the queue, for a later attempt or run. */
  readonly queued: number;
  /** Dropped during the call, for the reasons counted in `status().dropped`. */
  readonly dropped: number;
}

/** Why Headcount warns the app's author in {@link Status.warnings}. */
export type WarningReason =
  /** Variables cannot be read (Deno without `--allow-env`): each counts as set, nothing is sent. */
  | 'unreadable-environment'
  /** Files of the package were deleted, replaced, or not deployed: nothing can be sent. */
  | 'files-missing'
  /** Nothing is sent until the app has shown `notice()` (`notice: 'before-send'`). */
  | 'notice-not-shown'
  /** Headcount's folder may be another user's: nothing is kept there, reports are in memory. */
  | 'folder-refused'
  /** The app's own storage throws, rejects or does not answer. The text names the methods. */
  | 'storage-failed'
  /** `HEADCOUNT_ANONYMOUS_ID` is set, and is not an ID. */
  | 'given-id-ignored'
  /** A later `createHeadcount()` got this instance. The text names its options that were ignored. */
  | 'options-ignored'
  /** A later `createHeadcount()` had a stricter `mode`, `disabled` or `notice`, which now holds. */
  | 'stricter-mode'
  /** A declared word looks like personal data: reports contain a marker instead. */
  | 'personal-word'
  /** No process can be started at exit: a short program's reports wait for `close()`. */
  | 'waits-for-close'
  /** The process that is started at exit may end with this container before it has sent. */
  | 'may-end-early'
  /** No project was found. The text says where it was looked for. */
  | 'no-project'
  /** The option `packageJson` names a file that is not there: the main script was used instead. */
  | 'package-json-ignored';

/** One of {@link Status.warnings}. */
export interface StatusWarning {
  readonly reason: WarningReason;
  /** The warning in words, with what to do about it. */
  readonly text: string;
}

/** What Headcount is doing in this process, for people and for tests. */
export interface Status {
  /** `on`: reports are made and sent; `local`: made and never sent; `off`: not made. */
  readonly mode: 'on' | 'local' | 'off';
  /** Why `mode` is not `on`: the consent rule, or what set-up did not find. Absent while on. */
  readonly reason?:
    | Consent['rule']
    | SetupFault
    | 'retired'
    | 'unreadable-environment'
    | 'files-missing'
    | 'broken-process'
    | 'unsupported-runtime';
  /** The decision whether to send, and the rule that made it. */
  readonly consent: Consent;
  /** What the user lets the app report. Absent while telemetry is off. */
  readonly level?: Level;
  /** Whether the user was told of the present events. Absent while telemetry is off. */
  readonly notice?: 'due' | 'shown';
  /** The project that reports are counted for. */
  readonly project: string | undefined;
  /**
   * The URL that reports are posted to. While telemetry is off, a collector on this machine is not
   * looked for: this is then the configured address, or the default one.
   */
  readonly endpoint: string | undefined;
  /**
   * Where the ID and unsent reports are kept; `pending` until the first report. `memory` also if
   * writing to the disk failed.
   */
  readonly storage: 'pending' | 'file' | 'memory' | 'custom';
  /** How the ID was first made; `pending` until the first report is sent. */
  readonly idSource: IdSource | 'pending';
  /** Reports of this process that are neither sent nor dropped yet. */
  readonly queued: number;
  /** Reports that the collector has acknowledged, including reports of earlier runs. */
  readonly sent: number;
  readonly dropped: DropCounts;
  /** Fields of this process's events that were left out, by reason. */
  readonly droppedFields: FieldDropCounts;
  /** Texts in this process's reports that were replaced by a marker, by what was found in them. */
  readonly sanitized: SanitizeCounts;
  /** The result of this process's last attempt to send. Absent before the first one. */
  readonly lastResult?: { readonly sent: number; readonly queued: number };
  /** Why the last attempt failed. Absent after a success. */
  readonly error?: string;
  /** When this process will try next, ISO 8601 UTC. Absent if no attempt is planned. */
  readonly nextAttempt?: string;
  /** The pid of the process that is sending for this project and user now. */
  readonly leaseHolder?: number;
  /** What the app's author should know. Empty if there is nothing to warn of. */
  readonly warnings: readonly StatusWarning[];
}

/** The part of {@link Status} that has values only after the first report. */
export type ReporterStatus = Pick<
  Status,
  | 'storage'
  | 'idSource'
  | 'queued'
  | 'sent'
  | 'dropped'
  | 'droppedFields'
  | 'sanitized'
  | 'lastResult'
  | 'error'
  | 'nextAttempt'
  | 'leaseHolder'
>;

/** The status before the first report. */
export const NOT_STARTED = {
  storage: 'pending',
  idSource: 'pending',
  queued: 0,
  sent: 0,
  dropped: {},
  droppedFields: {},
  sanitized: {},
} as const satisfies ReporterStatus;
