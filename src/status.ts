import type { Consent } from './consent/decide.js';
import type { DropCounts, FieldDropCounts } from './drop-reasons.js';
import type { SetupFault } from './project/setup.js';
import type { SanitizeCounts } from './report/sanitizer.js';
import type { IdSource } from './wire/report.js';

/** What `flush()` and `close()` resolve to: what became of the reports that waited. */
export interface FlushResult {
  /** Acknowledged by the collector. */
  readonly sent: number;
  /** Still waiting, for a later attempt or run. */
  readonly kept: number;
  /** Given up, for the reasons that `status().dropped` counts. */
  readonly dropped: number;
}

/** What Headcount is doing in this process, for people and for tests. */
export interface Status {
  /** Whether reports are made and sent; `local` where they are made and never sent. */
  readonly mode: 'on' | 'local' | 'off';
  /** Why it is not on: the rule of consent, or what was missing at set-up. Absent while it is on. */
  readonly reason?: Consent['rule'] | SetupFault | 'gone';
  /** The decision about sending, and the rule that made it. */
  readonly consent: Consent;
  /** Whether the user was told of the events that are declared now. Absent while it is off. */
  readonly notice?: 'due' | 'shown';
  /** Nothing is sent until the notice was shown (`notice: 'before-send'`). Absent otherwise. */
  readonly waitsForNotice?: true;
  /** The project reports count for. */
  readonly project: string | undefined;
  /** Where reports are posted to. */
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
  readonly lastResult?: { readonly sent: number; readonly kept: number };
  /** What kept the last attempt from succeeding. Absent after a success. */
  readonly problem?: string;
  /** When this process will try next, ISO 8601 UTC. Absent where nothing is planned. */
  readonly nextAttempt?: string;
  /** The process that sends for this project and user just now, by its pid. */
  readonly leaseHolder?: number;
  /** How many later `createHeadcount()` calls for the project were answered with this instance. */
  readonly ignoredConfigurations: number;
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
  | 'problem'
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
