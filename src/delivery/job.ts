import type { Folders } from '../platform/platform.js';
import type { DropCounts } from '../drop-reasons.js';
import type { Endpoint } from '../project/endpoint.js';
import type { IdSource } from '../wire/report.js';

/** All that a sender is told. It loads no code and no settings of the app. */
export interface SenderJob {
  readonly project: string;
  readonly endpoint: Endpoint;
  readonly userAgent: string;
  /** Where ID and outbox are; `undefined` where the sender must ask the host for them. */
  readonly folders: Folders | undefined;
  /** Whether the host's storage keeps what it is given beyond this run. */
  readonly isPersistent: boolean;
  /** How often a failed request is repeated before the reports are left for later. */
  readonly retries: number;
  /** The process that handed this job over as it ended: what it held may be taken over. */
  readonly dyingPid?: number;
}

/** What came of one attempt to send all that waits. */
export interface SendResult {
  /** Acknowledged by the collector. */
  readonly sent: number;
  /** Still in the outbox, for a later attempt. */
  readonly kept: number;
  readonly dropped: DropCounts;
  /** Why something was kept, as the runtime or the collector says it. */
  readonly problem?: string;
  /** How the ID of these reports was first made, where one was needed. */
  readonly idSource?: IdSource;
}

/** The result of an attempt that had nothing to do. */
export const NOTHING_SENT: SendResult = { sent: 0, kept: 0, dropped: {} };

/** What the host says to its sender thread. */
export type HostMessage =
  | { readonly type: 'send' }
  | {
      readonly type: 'answer';
      readonly id: number;
      readonly value?: unknown;
      readonly failed?: true;
    };

/** What the sender thread says to its host. */
export type SenderMessage =
  | { readonly type: 'result'; readonly result: SendResult }
  | {
      readonly type: 'ask';
      readonly id: number;
      readonly of: 'values' | 'outbox';
      readonly method: string;
      readonly args: readonly unknown[];
    };
