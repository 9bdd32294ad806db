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
import type { DiagnoseResult, ExportResult, ForgetResult, ShowResult } from './delivery/answers.js';
import type { IdSource } from './wire/report.js';

/** Anonymous telemetry for one project. After set-up nothing of it throws, rejects or prints. */
export interface Headcount<Events extends EventDeclarations = EventDeclarations> {
  /**
   * Reports an event: one append to a file on this machine, sent later and elsewhere. Does nothing
   * while telemetry is off. An event that was not declared is dropped and counted; a field that was
   * not, or whose value is none of those declared, is left out and counted.
   *
   * @param event - a name declared in the option `events`, or `startup`
   * @param fields - what the event says, each as it was declared; any of them may be left out
   * @example
   * headcount.track();
   * headcount.track('build', { bundler: 'vite', pages: 12 });
   */
  track<Name extends EventName<Events>>(event?: Name, fields?: EventFields<Events, Name>): void;
  /**
   * Runs a function, and reports how long it took (`durationMs`) and whether it failed (`outcome`:
   * `ok` or `error`), as far as the event declares these fields: `timed: true` declares both. Of a
   * promise, until it is settled. The text of an error is never looked at.
   *
   * @param event - a name declared in the option `events`
   * @param run - called at once, and once, whether telemetry is on or off
   * @returns what `run` returns; what it throws or rejects with is passed on unchanged
   * @example
   * const site = await headcount.time('build', () => build(), { bundler: 'vite' });
   */
  time<Name extends TimedEventName<Events>, Result>(
    event: Name,
    run: () => Result,
    fields?: EventFields<Events, Name>,
  ): Result;
  /**
   * Sends what waits now, for servers and serverless functions. The process waits for it, at most
   * `timeoutMs`. A program that just ends needs no flush.
   *
   * @param options - `timeoutMs`: 0–60 000, default 3 000
   * @returns what became of the reports; never rejects
   */
  flush(options?: { readonly timeoutMs?: number }): Promise<FlushResult>;
  /**
   * As {@link Headcount.flush}, and then stops, within the same time: no timer, thread or listener
   * is left. Later calls of `track()` do nothing; a later `createHeadcount()` begins anew.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<FlushResult>;
  /**
   * The text that tells the user what is collected and how to turn it off: once, and again when
   * the declared events have changed. The app prints it, to stderr; it counts as shown.
   *
   * @returns `undefined` where the user knows, or where nothing is collected
   * @example
   * const text = headcount.notice();
   * if (text) console.error(text);
   */
  notice(): string | undefined;
  /**
   * Turns telemetry off as the user's choice, for this project, now and in later runs. What waits
   * to be sent is deleted; the ID stays, so that {@link Headcount.forget} can still be asked for.
   *
   * @returns whether it could be saved, and why not. Off in this process it is in any case.
   */
  optOut(): Promise<ChoiceResult>;
  /**
   * Turns telemetry on as the user's choice, whatever the option `mode` says. Nothing of before is
   * sent. Variables of the environment still come first.
   */
  optIn(): Promise<ChoiceResult>;
  /** What waits to be sent, as it would be sent, and what was sent last. Sends nothing. */
  show(): Promise<ShowResult>;
  /** What the collector holds of this user. */
  export(): Promise<ExportResult>;
  /**
   * Asks the collector to delete everything of this user, and drops the ID and all that waits.
   * The receipt is kept beside the choice. Telemetry stays as it is: where it is used again, it is
   * under a new ID which has nothing to do with the old one.
   */
  forget(): Promise<ForgetResult>;
  /** Looks at the whole chain, from consent to the collector's answer. Sends no report. */
  diagnose(): Promise<DiagnoseResult>;
  /** The events that are declared, in full and with `startup`, as a manifest has them. */
  readonly events: ManifestEvents;
  /** What Headcount is doing in this process, and why. */
  status(): Status;
}

/** What of a {@link Headcount} is for its user: all that the commands need, whatever the events. */
export type ForUsers = Pick<
  Headcount,
  'status' | 'events' | 'optIn' | 'optOut' | 'show' | 'export' | 'forget' | 'diagnose'
>;

/** What `flush()` and `close()` resolve to: what became of the reports that waited. */
export interface FlushResult {
  /** Acknowledged by the collector. */
  readonly sent: number;
  /** Still waiting, for a later attempt or run. */
  readonly queued: number;
  /** Given up, for the reasons that `status().dropped` counts. */
  readonly dropped: number;
}

/** Why Headcount warns the app's author in {@link Status.warnings}. */
export type WarningReason =
  /** Nothing is sent until the app has shown `notice()` (`notice: 'before-send'`). */
  | 'notice-not-shown'
  /** A later `createHeadcount()` for the project got this instance; its options were not used. */
  | 'options-ignored';

/** One of {@link Status.warnings}. */
export interface StatusWarning {
  readonly reason: WarningReason;
  /** The same in words, with what to do about it. */
  readonly text: string;
}

/** What Headcount is doing in this process, for people and for tests. */
export interface Status {
  /** Whether reports are made and sent; `local` where they are made and never sent. */
  readonly mode: 'on' | 'local' | 'off';
  /** Why it is not on: the rule of consent, or what was missing at set-up. Absent while it is on. */
  readonly reason?: Consent['rule'] | SetupFault | 'retired' | 'files-missing';
  /** The decision about sending, and the rule that made it. */
  readonly consent: Consent;
  /** Whether the user was told of the events that are declared now. Absent while it is off. */
  readonly notice?: 'due' | 'shown';
  /** The project reports count for. */
  readonly project: string | undefined;
  /**
   * Where reports are posted to. A collector on this machine is looked for only while telemetry is
   * on: otherwise this is the address that was named, or the default one.
   */
  readonly endpoint: string | undefined;
  /**
   * Where the ID and unsent reports are kept; `pending` until the first report. `memory` also where
   * the disk took none.
   */
  readonly storage: 'pending' | 'file' | 'memory' | 'custom';
  /** How the ID was first made; `pending` until the first report is sent. */
  readonly idSource: IdSource | 'pending';
  /** Reports of this process that were neither sent nor dropped so far. */
  readonly queued: number;
  /** Reports the collector has acknowledged, those of earlier runs included. */
  readonly sent: number;
  readonly dropped: DropCounts;
  /** Fields of this process's events that were left out, by reason. */
  readonly droppedFields: FieldDropCounts;
  /** Texts of this process's reports that were replaced by a marker, by what was found in them. */
  readonly sanitized: SanitizeCounts;
  /** What came of the last attempt to send in this process. Absent before it. */
  readonly lastResult?: { readonly sent: number; readonly queued: number };
  /** What kept the last attempt from succeeding. Absent after a success. */
  readonly error?: string;
  /** When this process will try next, ISO 8601 UTC. Absent where nothing is planned. */
  readonly nextAttempt?: string;
  /** The process that sends for this project and user just now, by its pid. */
  readonly leaseHolder?: number;
  /** What the app's author should know of. Empty where all is well. */
  readonly warnings: readonly StatusWarning[];
}

/** The part of {@link Status} that the first report brings into being. */
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
