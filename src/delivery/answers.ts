import type { IdSource } from '../wire/report.js';

/** Why a request of the user failed. */
export interface Failure {
  readonly ok: false;
  readonly error: string;
}

/** What is sent next, and what was sent last. */
export type ShowResult =
  | {
      readonly ok: true;
      /** The collector's address. */
      readonly endpoint: string;
      /** The bodies of the next requests. Their `sent_at` is the time of this answer. */
      readonly next: readonly string[];
      /** All headers of each request in `next`, by name, in the order they are sent. */
      readonly headers: readonly Readonly<Record<string, string>>[];
      /** The body of the last acknowledged request, if one is kept. */
      readonly last?: string;
    }
  | Failure;

/** Everything that the collector has about this user. */
export type ExportResult =
  | {
      readonly ok: true;
      readonly anonymousId: string;
      /** The collector's answer, as JSON. */
      readonly data: unknown;
    }
  | Failure;

/** The result of a request to be forgotten. */
export type ForgetResult =
  | {
      readonly ok: true;
      /** The collector's answer; absent if there is no ID that could have been reported. */
      readonly receipt?: unknown;
      /** The receipt of the last deletion, if nothing was reported since. */
      readonly earlier?: unknown;
    }
  /** Queued reports are deleted, but the collector was not reached: the ID stays to ask again. */
  | Failure;

/** A folder that Headcount uses. */
export interface FolderState {
  readonly folder: string;
  readonly isWritable: boolean;
  readonly error?: string;
}

/** Whether the collector can be reached. */
export type Reachability =
  | {
      readonly reached: true;
      readonly status: number;
      /** How far this machine's clock is ahead. Absent if the answer had no date. */
      readonly clockSkewMs?: number;
    }
  | { readonly reached: false; readonly error: string };

/** The state of everything that sending depends on. */
export type DiagnoseResult =
  | {
      readonly ok: true;
      /** `none` if no report needed an ID yet, `unreadable` if the stored one cannot be read. */
      readonly idSource: IdSource | 'none' | 'unreadable';
      readonly folders: readonly FolderState[];
      /** Queued segments that no sender has claimed. Absent if they cannot be listed. */
      readonly waitingSegments?: number;
      readonly leaseHolder?: number;
      readonly failures: number;
      /** ISO 8601 UTC. */
      readonly lastSuccess?: string;
      readonly nextAttempt?: string;
      /** The collector takes no more reports of this version. */
      readonly isRetired: boolean;
      /** The proxy that the environment names for the collector. */
      readonly proxy?: NamedProxy;
      /** No collector is named: the one on this machine is used. */
      readonly isImplicit: boolean;
      /** The file in which a collector on this machine left its address, if that is used. */
      readonly foundIn?: string;
      /** Absent while telemetry is off: the collector is not asked then. */
      readonly collector?: Reachability;
    }
  | Failure;

/** The proxy that the environment names for an address. */
export interface NamedProxy {
  readonly variable: string;
  /** Without user and password. Absent if the variable is not the address of a proxy. */
  readonly address?: string;
  /** Headcount cannot use this proxy: nothing is sent, because the direct way may be hidden. */
  readonly isUnsupported?: true;
}
