import type { DropCounts } from '../drop-reasons.js';
import type { Folders } from '../platform/platform.js';
import type { AppRecord } from '../project/app-record.js';
import type { Endpoint } from '../project/endpoint.js';
import type { IdSource } from '../wire/report.js';

/** All that a sender is told. It loads no code and no settings of the app. */
export interface SenderJob {
  readonly project: string;
  /** The app's version: a collector may retire it. */
  readonly version: string;
  readonly endpoint: Endpoint;
  /** Certificates to trust beside the runtime's, as PEM. */
  readonly ca?: string;
  /** Where ID and outbox are; `undefined` if only the host can reach them. */
  readonly folders: Folders | undefined;
  /** The files that may hold the user's choice. The first one that holds a choice decides. */
  readonly choiceFiles: readonly string[];
  /** Where a collector on this machine leaves its address. */
  readonly collectorFile?: string;
  /** The user who runs the host as another user. Only their no counts. */
  readonly invokers?: readonly {
    readonly uid: number;
    readonly home: string;
    readonly files: readonly string[];
  }[];
  /** Whether the host's storage keeps its values beyond this run. */
  readonly isPersistent: boolean;
  /** What the `headcount` command must know of the app: the sender keeps it on disk. */
  readonly app?: AppRecord;
  /** The user's request: this sender answers it and sends nothing. */
  readonly asked?: Asked;
  /** Present for the child that a host starts when it ends. */
  readonly handover?: Handover;
}

/** A user's request, and the state of the host that passes it on. */
export interface Asked {
  readonly task: UserTask;
  readonly mode: 'on' | 'local' | 'off';
  /** The ID from `HEADCOUNT_ANONYMOUS_ID`, which all reports of this process have. */
  readonly givenId?: string;
}

/** What an ending host leaves to its child. The child takes the lease itself. */
export interface Handover {
  /** The host's pid if the process ends: the child may take over its lease and its segments. */
  readonly dyingPid?: number;
  /** Reports that the host could not write to disk, as NDJSON. */
  readonly lines?: string;
}

/** The result of sending. */
export interface SendResult {
  /** Acknowledged by the collector. */
  readonly sent: number;
  /** Tried without success, and still in the outbox. */
  readonly queued: number;
  readonly dropped: DropCounts;
  /** Why reports stay in the outbox, in the words of the runtime or the collector. */
  readonly error?: string;
  /** The earliest time that another attempt makes sense, in milliseconds since the epoch. */
  readonly nextAttemptMs?: number;
  /** How the ID of these reports was first made, if they needed one. */
  readonly idSource?: IdSource;
  /** The app's own endpoint takes no more reports of the app's version. */
  readonly isRetired?: true;
}

/** What a user may ask a sender to do. */
export type UserTask = 'show' | 'proofs' | 'forget' | 'export' | 'diagnose';

/** The longest a child waits for the next attempt. The next run makes later ones. */
export const MAX_CHILD_WAIT_MS = 5_000;

/** The result of an attempt that sent nothing. */
export const NOTHING_SENT: SendResult = { sent: 0, queued: 0, dropped: {} };

/** What the host says to its sender thread. */
export type HostMessage =
  /** Send the files and, if `hostOutbox` is set, the host's memory too. */
  | { readonly type: 'send'; readonly hostOutbox: boolean }
  /** Send what there is, while the host waits in its exit and answers nothing. */
  | ({ readonly type: 'last' } & LastSend)
  /** Stop sending, give back what was claimed, and end. */
  | { readonly type: 'end' }
  | {
      readonly type: 'answer';
      readonly id: number;
      readonly value?: unknown;
      readonly failed?: true;
    };

/** A host's request to send that it waits for in its exit. */
export interface LastSend {
  /** Reports that the host could not write to disk, as NDJSON. */
  readonly lines: string;
  /** When the host ends, in milliseconds since the epoch. */
  readonly untilMs: number;
  /** Shared memory: 1 in the first cell once it is done, and in the second how many lines are. */
  readonly told: Int32Array;
}

/** A sender thread that has not ended this long after {@link LAST_WORD} is terminated. */
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
 * The error when the sender in the host's process finds no address for a name. It does not count
 * as a failure of the collector: the child tries again with the system's resolver.
 */
export const NAME_NOT_FOUND = 'ENOTFOUND';
