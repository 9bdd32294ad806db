import type { IdSource } from '../wire/report.js';
/** Why something that was asked for did not happen, for people. */
export interface Failure {
  readonly ok: false;
  readonly error: string;
}

/** What would be sent next, and what was sent last. */
export type ShowResult =
  | {
      readonly ok: true;
      /** Where to. */
      readonly endpoint: string;
      /** The bodies of the next requests; `sent_at` is the moment of asking. */
      readonly next: readonly string[];
      /** The body of the last request that the collector has acknowledged, where one is kept. */
      readonly last?: string;
    }
  | Failure;

/** What the collector holds of this user. */
export type ExportResult =
  | {
      readonly ok: true;
      readonly anonymousId: string;
      /** The collector's answer, as JSON. */
      readonly data: unknown;
    }
  | Failure;

/** What came of asking to be forgotten. */
export type ForgetResult =
  | {
      readonly ok: true;
      /** The collector's answer; absent where there was no ID that could have been reported. */
      readonly receipt?: unknown;
      /** What is kept of the last deletion, where nothing was reported since. */
      readonly earlier?: unknown;
    }
  /** Nothing waits any more, but the collector was not reached: the ID is kept to ask again. */
  | Failure;

/** A place on the disk that Headcount uses. */
export interface FolderState {
  readonly folder: string;
  readonly isWritable: boolean;
  readonly error?: string;
}

/** What the collector's address answers. */
export type Reachability =
  | {
      readonly reached: true;
      readonly status: number;
      /** How far this machine's clock is ahead. Absent where the collector told no time. */
      readonly clockSkewMs?: number;
    }
  | { readonly reached: false; readonly error: string };

/** The state of the whole chain. */
export type DiagnoseResult =
  | {
      readonly ok: true;
      /** `none` where no report has needed an ID so far, `unreadable` where one may not be read. */
      readonly idSource: IdSource | 'none' | 'unreadable';
      readonly folders: readonly FolderState[];
      /** Segments that wait and that nobody is sending. Absent where nobody can tell. */
      readonly waitingSegments?: number;
      readonly leaseHolder?: number;
      readonly failures: number;
      /** ISO 8601 UTC. */
      readonly lastSuccess?: string;
      readonly nextAttempt?: string;
      /** The collector wants nothing of this version any more. */
      readonly isRetired: boolean;
      /** The proxy that the environment names for the collector. */
      readonly proxy?: NamedProxy;
      /** Nobody has named a collector: it is looked for on this machine. */
      readonly isImplicit: boolean;
      /** Absent while telemetry is off: nobody is asked then. */
      readonly collector?: Reachability;
    }
  | Failure;

/** The proxy that the environment names for an address. */
export interface NamedProxy {
  readonly variable: string;
  /** Without user and password. Absent where the variable is no address: then no proxy is used. */
  readonly address?: string;
}
