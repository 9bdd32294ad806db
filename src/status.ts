import type { Consent } from './consent/decide.js';
import type { DropCounts } from './drop-reasons.js';
import type { SetupFault } from './project/setup.js';
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
  /** Whether reports are made and sent. */
  readonly mode: 'on' | 'off';
  /** Why it is off: the rule of consent, or what was missing at set-up. Absent while it is on. */
  readonly reason?: Consent['rule'] | SetupFault;
  /** The decision about sending, and the rule that made it. */
  readonly consent: Consent;
  /** The project reports count for. */
  readonly project: string | undefined;
  /** Where reports are posted to. */
  readonly endpoint: string | undefined;
  /** Where the ID and unsent reports are kept; `pending` until the first report. */
  readonly storage: 'pending' | 'file' | 'memory' | 'custom';
  /** How the ID was first made; `pending` until the first report is sent. */
  readonly idSource: IdSource | 'pending';
  /** Reports of this process that were neither sent nor dropped so far. */
  readonly queued: number;
  /** Reports the collector has acknowledged, those of earlier runs included. */
  readonly sent: number;
  readonly dropped: DropCounts;
  /** What kept the last attempt from succeeding. Absent after a success. */
  readonly problem?: string;
  /** How many later `createHeadcount()` calls for the project were answered with this instance. */
  readonly ignoredConfigurations: number;
}
