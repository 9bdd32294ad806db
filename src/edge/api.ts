import type { EventDeclarations, EventFields, EventName } from '../report/declared-events.js';
import type { EdgeStorage } from './storages.js';

/**
 * The type of the global `fetch`. Where no library declares one, what is used of it: these types need
 * neither `dom` nor `@types/node`.
 */
export type EdgeFetch = typeof globalThis extends { readonly fetch: infer Fetch }
  ? Fetch
  : (
      url: string,
      request: {
        readonly method: string;
        readonly headers: Readonly<Record<string, string>>;
        readonly body: string;
        readonly redirect: 'manual';
        readonly signal: unknown;
      },
    ) => Promise<{
      readonly ok: boolean;
      readonly status: number;
      readonly headers: { get(name: string): string | null };
      text(): Promise<string>;
    }>;

/** The options of `createHeadcount()` of `headcount/edge`. */
export interface EdgeOptions<Events extends EventDeclarations = EventDeclarations> {
  /** The name that reports are counted for, 1–214 characters. */
  readonly project: string;
  /** The app's version, 1–64 characters. */
  readonly version: string;
  /** The collector's address, by `https:`. If it has no path, `/v1/reports` is added. */
  readonly endpoint: string;
  /** The events that the app may report besides `startup`. Others are not sent. */
  readonly events?: Events;
  /**
   * Keeps unsent reports and the user's choice; with `countsInstall`, also a random ID.
   *
   * @default in memory
   */
  readonly storage?: EdgeStorage;
  /**
   * Counts the storage as one person: for browser extensions and desktop apps, where each person
   * has a storage. Never for a deployment, whose storage all people share.
   *
   * @default false: reports are counted, people are not
   */
  readonly countsInstall?: boolean;
  /**
   * Turns telemetry off. A function is asked before each report and each request; while it answers
   * `true`, nothing is sent, and what waits is deleted.
   *
   * @default false
   */
  readonly disabled?: boolean | (() => boolean);
  /** Replaces the global `fetch`. */
  readonly fetch?: EdgeFetch;
}

/** What a call of `track()` knows of its request. */
export interface TrackOptions {
  /** A person's pseudonymous ID, 16 lower-case hex digits. Without it, no person is counted. */
  readonly anonymousId?: string;
  /** The runtime's `waitUntil`, which lets the request end before the report is sent. */
  readonly waitUntil?: (sending: Promise<unknown>) => void;
}

/** What happens to the reports of this instance. */
export interface EdgeStatus {
  readonly mode: 'on' | 'off';
  /**
   * Why it is off, if it is: by code, by a signal of the browser, by the user's choice, because the
   * storage could not be read, which may hold a no, or because the collector wants no more reports
   * of this version; in `headcount/vscode` also by the editor's `isTelemetryEnabled`.
   */
  readonly reason:
    | 'code'
    | 'environment'
    | 'choice'
    | 'unreadable-choice'
    | 'retired'
    | 'editor-setting'
    | undefined;
  readonly sent: number;
  /** At most 500. */
  readonly queued: number;
  readonly dropped: number;
  /** Why the last attempt to send, or else to use the storage, failed, if it did. */
  readonly error: string | undefined;
}

/** Telemetry of one project at the edge. No call throws after set-up. */
export interface EdgeHeadcount<Events extends EventDeclarations = EventDeclarations> {
  /** Reports an event, `startup` by default. It is sent at once, with others of the same moment. */
  track<Name extends EventName<Events>>(
    event?: Name,
    fields?: EventFields<Events, Name>,
    options?: TrackOptions,
  ): void;
  /**
   * Sends what is queued. Resolves when the collector has answered, or after 3 s for each use of the
   * storage and 10 s for each request. Never rejects.
   */
  flush(): Promise<EdgeStatus>;
  /** Saves that the user does not want telemetry, and deletes what is queued. */
  optOut(): Promise<void>;
  /** Saves that the user wants telemetry. */
  optIn(): Promise<void>;
  status(): EdgeStatus;
}
