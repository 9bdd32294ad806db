import type { DropCounts } from '../drop-reasons.js';
import type { Folders } from '../platform/platform.js';
import type { AppRecord } from '../project/app-record.js';
import type { Endpoint } from '../project/endpoint.js';
import type { IdSource } from '../wire/report.js';

/** All that a sender is told. It loads no code and no settings of the app. */
export interface SenderJob {
  readonly project: string;
  /** The app's version: a collector may want nothing more of it. */
  readonly version: string;
  readonly endpoint: Endpoint;
  readonly userAgent: string;
  /** Certificates to trust beside the runtime's own, as PEM. */
  readonly ca?: string;
  /** Where ID and outbox are; `undefined` where the sender must ask the host for them. */
  readonly folders: Folders | undefined;
  /** The files that may hold the user's choice, the first one first. */
  readonly choiceFiles: readonly string[];
  /** Whether the host's storage keeps what it is given beyond this run. */
  readonly isPersistent: boolean;
  /** What the user's own command must know of the app, for the sender to write down. */
  readonly app?: AppRecord;
  /** What the user has asked for: this sender does that and nothing else. */
  readonly asked?: Asked;
  /** What a sending process of its own is told beside that. */
  readonly handover?: Handover;
}

/** What a user asks, and how things are with the host that asks it. */
export interface Asked {
  readonly task: UserTask;
  readonly mode: 'on' | 'local' | 'off';
  /** The ID that `HEADCOUNT_ANONYMOUS_ID` hands down to this process: its reports have that one. */
  readonly givenId?: string;
}

/** What a host leaves to the process that takes over from it. */
export interface Handover {
  /** The host's pid, where it is ending: what it held may be taken over. */
  readonly dyingPid?: number;
  /** The lease that was taken for the sender; absent where there is no disk for one. */
  readonly lease?: number;
  /** Reports the host could not write anywhere. */
  readonly lines?: string;
}

/** What came of one attempt to send all that waits. */
export interface SendResult {
  /** Acknowledged by the collector. */
  readonly sent: number;
  /** Tried, and still in the outbox for a later attempt. */
  readonly queued: number;
  readonly dropped: DropCounts;
  /** Why something was kept, as the runtime or the collector says it. */
  readonly error?: string;
  /** No attempt makes sense before this, in milliseconds since the epoch. */
  readonly nextAttemptMs?: number;
  /** How the ID of these reports was first made, where one was needed. */
  readonly idSource?: IdSource;
}

/** What a user may ask of the sender beside sending. */
export type UserTask = 'show' | 'forget' | 'export' | 'diagnose';

/** A child waits so long for the time of the next attempt; for more, the next run is there. */
export const MAX_CHILD_WAIT_MS = 5_000;

/** The result of an attempt that had nothing to do, or could not be made. */
export const NOTHING_SENT: SendResult = { sent: 0, queued: 0, dropped: {} };

/** What the host says to its sender thread. */
export type HostMessage =
  /** Send what waits: in the files, and where `hostOutbox` says so, in the host's memory too. */
  | { readonly type: 'send'; readonly hostOutbox: boolean }
  /** Give up, give back what was claimed, and end. */
  | { readonly type: 'end' }
  | {
      readonly type: 'answer';
      readonly id: number;
      readonly value?: unknown;
      readonly failed?: true;
    };

/** A sender thread that was asked to end, and does not, is ended. */
export const ENDS_WITHIN_MS = 250;

/** The last message to a sender thread. */
export const LAST_WORD: HostMessage = { type: 'end' };

/** What the sender thread says to its host. */
export type SenderMessage =
  | { readonly type: 'result'; readonly result: SendResult }
  | { readonly type: 'done'; readonly answer: unknown }
  | {
      readonly type: 'ask';
      readonly id: number;
      readonly of: 'values' | 'outbox';
      readonly method: string;
      readonly args: readonly unknown[];
    };

/**
 * The problem of a sender in the host's process that finds no address for a name. It says nothing of
 * the collector: a process of its own may find one, by the system's own look-up.
 */
export const NAME_NOT_FOUND = 'ENOTFOUND';
