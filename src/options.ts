import type { Mode } from './consent/decide.js';
import type { EventDeclarations } from './report/declared-events.js';
import type { FileStorageRequest } from './storage/file-storage.js';
import type { Storage } from './storage/storage.js';
import type { ManifestEvents } from './wire/manifest.js';
import { STARTUP } from './report/startup-event.js';

/** The options of `createHeadcount()`. All of them may be left out. */
export interface HeadcountOptions<Events extends EventDeclarations = EventDeclarations> {
  /**
   * The name reports count for, 1–214 characters.
   *
   * @default the `name` of the app's package.json
   */
  readonly project?: string;
  /**
   * The app's version, 1–64 characters.
   *
   * @default the `version` of the app's package.json
   */
  readonly version?: string;
  /**
   * `import.meta.url` or `__filename` of a module of the app: the nearest package.json above it
   * gives project, version and endpoint.
   *
   * @default the app is found from the program's main script
   */
  readonly packageJson?: string;
  /**
   * The collector's address. One without a path gets `/v1/reports`; one with a path or query of its
   * own is used as it is, one report a request. Plain `http:` is only for the loopback; a user name
   * or password is refused, since whoever has the app would have them too.
   *
   * @default `HEADCOUNT_ENDPOINT`, then `headcount.endpoint` in the package.json, then the address
   * that a collector of the same user has left on this machine, then `http://127.0.0.1:8081`
   */
  readonly endpoint?: string;
  /**
   * Lets reports go over plain `http:` to other machines, where whoever is on the way can read them.
   *
   * @default false
   */
  readonly allowInsecure?: boolean;
  /**
   * The events the app may report beside `startup`, by name, each with a description and with what
   * its fields may hold: at most 100. Names are of `a-z 0-9 _ -`, begin with a letter and have at
   * most 64 characters. What was not declared is never sent.
   *
   * @default {}
   * @example
   * createHeadcount({
   *   events: {
   *     build: { description: 'A build was finished.', fields: { bundler: ['vite', 'webpack'] } },
   *   },
   * });
   */
  readonly events?: Events;
  /**
   * Where the ID and unsent reports are kept: `fileStorage()`, `memoryStorage()`, `nullStorage()`
   * or one of the app's own.
   *
   * @default fileStorage()
   */
  readonly storage?: FileStorageRequest | Storage;
  /**
   * Turns telemetry off from the code.
   *
   * @default false
   */
  readonly disabled?: boolean;
  /**
   * What holds while the user has not chosen: `on`; `local`, which makes reports and keeps them on
   * the machine, to be looked at and never sent; `off`; or `opt-in`, which is off until the user
   * says yes. Whatever the user chooses comes before it.
   *
   * @default 'on'
   */
  readonly mode?: Mode;
  /**
   * `before-send`: nothing is sent until the app has shown the text of `notice()`, and again
   * nothing after the declared events have changed, until it was shown anew. Reports wait.
   *
   * @default 'none'
   */
  readonly notice?: 'none' | 'before-send';
  /**
   * What users type to manage telemetry, for the text of `notice()`: 1–100 characters.
   *
   * @default `npx headcount --project <project>`
   * @example
   * createHeadcount({ command: 'acme telemetry' });
   */
  readonly command?: string;
  /**
   * Reports also while a test runner runs the code.
   *
   * @default false
   */
  readonly inTests?: boolean;
  /**
   * How long a report may wait for others before a living process sends it, in milliseconds.
   * 0–86 400 000. A program that ends earlier hands its reports over at its exit.
   *
   * @default 1000
   */
  readonly flushIntervalMs?: number;
  /**
   * How many reports a living process sends at once without waiting for `flushIntervalMs`. 1–500.
   *
   * @default 500
   */
  readonly flushAt?: number;
  /**
   * How often a program that ends may start a process to send its reports, in milliseconds: once in
   * this time for each project and user, and once for the first report of a day. In between they
   * wait in the outbox. 0 is always. `HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS` comes before it, for trying
   * things out.
   *
   * @default 600_000
   */
  readonly exitUploadIntervalMs?: number;
  /**
   * Certificates to trust beside the runtime's own, as PEM text. `NODE_EXTRA_CA_CERTS` works too.
   *
   * @default none
   */
  readonly extraCa?: string;
}

/** The options after validation: nothing is missing that has a default. */
export interface ResolvedOptions extends Omit<HeadcountOptions, 'events'> {
  readonly allowInsecure: boolean;
  /** In full, with `startup`. */
  readonly events: ManifestEvents;
  readonly storage: FileStorageRequest | Storage;
  readonly disabled: boolean;
  readonly mode: Mode;
  readonly notice: 'none' | 'before-send';
  readonly inTests: boolean;
  readonly flushIntervalMs: number;
  readonly flushAt: number;
  readonly exitUploadIntervalMs: number;
}

/** Every default that does not depend on the machine or the app. */
export const DEFAULTS = {
  allowInsecure: false,
  events: {},
  storage: { kind: 'file' },
  disabled: false,
  mode: 'on',
  notice: 'none',
  inTests: false,
  flushIntervalMs: 1_000,
  flushAt: 500,
  exitUploadIntervalMs: 600_000,
} as const satisfies Omit<
  ResolvedOptions,
  'project' | 'version' | 'packageJson' | 'endpoint' | 'command' | 'ca'
>;

/** The options where none is given: those of the zero-config `track()`. */
export const NO_OPTIONS: ResolvedOptions = { ...DEFAULTS, events: STARTUP };
