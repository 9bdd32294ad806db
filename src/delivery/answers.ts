import type { NoChildReason } from '../platform/platform.js';
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
      /** The reports that clients in other languages keep here and send themselves, if any. */
      readonly others?: readonly WaitingReport[];
    }
  | Failure;

/** A report that a client in another language keeps. */
export interface WaitingReport {
  /** The path of its file. */
  readonly file: string;
  readonly report: string;
}

/** Why a collector has not done what the user asked. */
export type CollectorFault =
  /** It did not answer. */
  | 'unreachable'
  /** It asked to wait longer than a command may take. */
  | 'busy'
  /** It answered with an error, or cannot do this. */
  | 'refused'
  /** It does not know the ID, or not with this proof. */
  | 'unknown-id'
  /** Its answer is not the answer of a collector. */
  | 'invalid-answer'
  /** The secret that proves the ownership of the ID is missing. */
  | 'no-proof';

/** A collector that was asked for the data of an ID. */
export interface AskedCollector {
  /** The URL that reports are posted to. */
  readonly collector: string;
  readonly anonymousId: string;
}

/** A collector that has not done what the user asked. */
export interface CollectorFailure extends AskedCollector {
  readonly ok: false;
  readonly reason: CollectorFault;
  /** What happened, in words that follow the name of the collector. */
  readonly error: string;
}

/** What opens the data about an ID at a collector: on its page `/your-data`, and in its API. */
export interface CollectorProof {
  readonly ok: true;
  /** The URL that reports are posted to. */
  readonly collector: string;
  readonly project: string;
  readonly anonymousId: string;
  /** 64 hex digits. Whoever has it can see and delete the data. */
  readonly proof: string;
}

/** The proofs that the IDs of this install are this user's. */
export type ProofsResult =
  | {
      readonly ok: true;
      readonly collectors: readonly (CollectorProof | CollectorFailure)[];
    }
  | (Failure & {
      /** Absent if there is no collector that an ID could be known to. */
      readonly collectors?: readonly (CollectorProof | CollectorFailure)[];
    });

/** What a collector has about an ID. */
export interface CollectorExport extends AskedCollector {
  readonly ok: true;
  /** The collector's answer. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** A collector's confirmation that it has deleted everything about an ID. */
export interface DeletionReceipt {
  /** A UUID. */
  readonly receipt_id: string;
  readonly project: string;
  /** ISO 8601. */
  readonly deleted_at: string;
  /** Until then, the collector ignores reports from before the deletion. ISO 8601. */
  readonly late_reports_ignored_until: string;
}

/** A collector that has deleted everything about an ID. */
export interface CollectorDeletion extends AskedCollector {
  readonly ok: true;
  readonly receipt: DeletionReceipt;
}

/** A receipt that is kept on this machine. */
export interface KeptReceipt {
  /** The URL that reports were posted to. */
  readonly collector: string;
  readonly receipt: DeletionReceipt;
}

/** Everything that collectors have about this user. */
export type ExportResult =
  | {
      /** Every collector that has acknowledged reports of this install has answered. */
      readonly ok: true;
      readonly collectors: readonly (CollectorExport | CollectorFailure)[];
    }
  | (Failure & {
      /** Absent if no collector was asked. */
      readonly collectors?: readonly (CollectorExport | CollectorFailure)[];
    });

/** The result of a request to be forgotten. */
export type ForgetResult =
  | {
      /** Every collector that has acknowledged reports of this install has confirmed. */
      readonly ok: true;
      /** Empty if there is no ID here that could have been reported. */
      readonly collectors: readonly (CollectorDeletion | CollectorFailure)[];
      /** The receipts of earlier deletions, if no collector was asked now. */
      readonly earlier?: readonly KeptReceipt[];
    }
  /**
   * The queue is deleted. Collectors that have not confirmed are asked again by the next `forget`;
   * until then, their ID and its proof are kept for that alone.
   */
  | (Failure & {
      /** Absent if no collector was asked. */
      readonly collectors?: readonly (CollectorDeletion | CollectorFailure)[];
    });

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

/** How the next report leaves, as far as the program's own process decides. */
export interface SendPlan {
  /** How long after an event a thread sends it, while the program runs. */
  readonly threadAfterMs: number;
  /** Whether a process is started when the program ends. Most machines have no default collector. */
  readonly hasExitProcess: boolean;
  /** Why none can be started here: tried, unless telemetry is off. */
  readonly obstacle?: NoChildReason;
  /** That process may end with this container before it has sent. */
  readonly mayEndEarly?: true;
  /** How long the program's own exit waits for a thread instead, if the app allows that. */
  readonly exitBudgetMs?: number;
  /** Until then, programs that end start none, because another one has. ISO 8601 UTC. */
  readonly exitProcessNotBefore?: string;
}

/** Who has named the endpoint. */
export type EndpointSource =
  /** The program's code or package.json. */
  | 'program'
  /** HEADCOUNT_ENDPOINT. */
  | 'environment'
  /** Nobody: a collector on this machine has left its address. */
  | 'local-collector'
  /** Nobody: it is the default. */
  | 'default';

/** What a sender knows of everything that sending depends on. */
export interface SenderDiagnosis {
  readonly ok: true;
  /** `none` if no report needed an ID yet, `unreadable` if the stored one cannot be read. */
  readonly idSource: IdSource | 'none' | 'unreadable';
  /** Empty if the reports are kept in memory, or in a storage of the program's own. */
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
  readonly endpointSource: EndpointSource;
  /** No collector is named: the one on this machine is used. */
  readonly isImplicit: boolean;
  /** The file in which a collector on this machine left its address, if that is used. */
  readonly foundIn?: string;
  /** Absent while telemetry is off: the collector is not asked then. */
  readonly collector?: Reachability;
}

/** The state of everything that sending depends on. */
export type DiagnoseResult = (SenderDiagnosis & { readonly plan: SendPlan }) | Failure;

/** The proxy that the environment names for an address. */
export interface NamedProxy {
  readonly variable: string;
  /** Without user and password. Absent if the variable is not the address of a proxy. */
  readonly address?: string;
  /** Headcount cannot use this proxy: nothing is sent, because the direct way may be hidden. */
  readonly isUnsupported?: true;
}
