import type { Mode } from './consent/decide.js';
import type { EventDeclarations } from './report/declared-events.js';
import type { FileStorageRequest } from './storage/file-storage.js';
import type { Storage } from './storage/storage.js';
import type { ManifestEvents } from './wire/manifest.js';
import type { Channel } from './wire/report.js';
import { ownOnly } from './own-only.js';
import { OWN_EVENTS } from './report/startup-event.js';

/** The options of `createHeadcount()`. All of them are optional. */
export interface HeadcountOptions<Events extends EventDeclarations = EventDeclarations> {
  /**
   * The name that reports are counted for, 1–214 characters.
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
   * `import.meta.url` or `__filename` of a module of the app. The nearest package.json above it
   * names project, version and endpoint. In a bundle, both may be a path of the machine that built
   * it: if no such file is there, the main script counts.
   *
   * @default the nearest package.json above the program's main script, or above the working folder
   * if a launcher such as Next.js or Vite runs the app
   */
  readonly packageJson?: string;
  /**
   * The collector's address. If it has no path, `/v1/reports` is added. An address with a path or
   * query is used unchanged, with one report in each request. Plain `http:` works for the loopback
   * only. A user name or password is refused, because everyone who has the app could read it.
   *
   * @default `HEADCOUNT_ENDPOINT`, then `headcount.endpoint` in the package.json, then the address
   * that a collector of the same user has left on this machine, then `http://127.0.0.1:8081`
   */
  readonly endpoint?: string;
  /**
   * Allows plain `http:` to other machines. Anyone on the network path can then read the reports.
   *
   * @default false
   */
  readonly allowInsecure?: boolean;
  /**
   * The events that the app may report besides `startup`, by name: at most 100, each with a
   * description and the values that its fields may have. Names consist of `a-z 0-9 _ -`, begin
   * with a letter and have at most 64 characters. Events and fields that are not declared are
   * never sent.
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
   * or a custom storage.
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
   * The mode while the user has made no choice. `on`: reports are sent. `local`: reports stay on
   * the machine, where the user can read them. `off`: no reports are made. `opt-in`: off until the
   * user opts in. The user's choice takes precedence over this option.
   *
   * @default 'on'
   */
  readonly mode?: Mode;
  /**
   * `before-send`: reports stay queued until the app has shown the text of `notice()`. After the
   * declared events have changed, they stay queued until the app has shown the new text.
   *
   * @default 'none'
   */
  readonly notice?: 'none' | 'before-send';
  /**
   * The command that users type to manage telemetry, 1–100 characters. `notice()` names it.
   *
   * @default `npx headcount --project <project>`
   * @example
   * createHeadcount({ command: 'acme telemetry' });
   */
  readonly command?: string;
  /**
   * Makes reports even if a test runner runs the code.
   *
   * @default false
   */
  readonly inTests?: boolean;
  /**
   * How long a running process collects reports before it sends them together, in milliseconds,
   * 0–86 400 000. A program that ends earlier leaves its reports to a process started at its exit.
   *
   * @default 1000
   */
  readonly flushIntervalMs?: number;
  /**
   * The number of queued reports at which a running process sends without waiting for
   * `flushIntervalMs`, 1–500.
   *
   * @default 500
   */
  readonly flushAt?: number;
  /**
   * The shortest time between two processes that are started at exit to send reports, in
   * milliseconds, for each project and user. The first exit of a day may always start one. Other
   * reports stay in the outbox until a later run. 0 starts one at every exit.
   * `HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS` takes precedence, for tests.
   *
   * @default 600_000
   */
  readonly exitUploadIntervalMs?: number;
  /**
   * How long the program's own exit may wait for its reports to be sent, in milliseconds, 0–5 000.
   * Only where no process can be started at exit, as in Bun, Deno, single executables and Electron,
   * or would end with the program's container, and not more often than `exitUploadIntervalMs`. What is not
   * acknowledged by then stays queued. 0 waits for nothing: such reports leave by `close()`, or by
   * a run that lasts.
   *
   * @default 0
   * @example
   * createHeadcount({ exitBudgetMs: 500 });
   */
  readonly exitBudgetMs?: number;
  /**
   * Reports `alive` about once a day while the program runs, so that a server or a desktop app that
   * runs for weeks is counted on each day. Of all programs of one user and project, one reports.
   *
   * @default true
   */
  readonly heartbeat?: boolean;
  /**
   * How the app was installed: `npm`, `npx`, `pnpm`, `yarn`, `bun`, `deno`, `brew`, `scoop`,
   * `choco`, `winget`, `deb`, `rpm`, `apk`, `pacman`, `nix`, `snap`, `flatpak`, `appimage`,
   * `docker`, `standalone`, `store`, `source` or `other`. Set it in packages that you build for one
   * of these.
   *
   * @default what the path of the program shows, or else unknown
   */
  readonly channel?: Channel;
  /**
   * Certificates to trust in addition to the runtime's, as PEM text. `NODE_EXTRA_CA_CERTS` works
   * too.
   *
   * @default none
   */
  readonly extraCa?: string;
}

/** The options after validation, with all defaults filled in. */
export interface ResolvedOptions extends Omit<HeadcountOptions, 'events'> {
  readonly allowInsecure: boolean;
  /** All events, `startup` and `alive` included. */
  readonly events: ManifestEvents;
  readonly storage: FileStorageRequest | Storage;
  readonly disabled: boolean;
  readonly mode: Mode;
  readonly notice: 'none' | 'before-send';
  readonly inTests: boolean;
  readonly flushIntervalMs: number;
  readonly flushAt: number;
  readonly exitUploadIntervalMs: number;
  readonly exitBudgetMs: number;
  readonly heartbeat: boolean;
}

/** The defaults that do not depend on the machine or the app. */
export const DEFAULTS = {
  allowInsecure: false,
  events: {},
  storage: ownOnly({ kind: 'file' } as const),
  disabled: false,
  mode: 'on',
  notice: 'none',
  inTests: false,
  flushIntervalMs: 1_000,
  flushAt: 500,
  exitUploadIntervalMs: 600_000,
  exitBudgetMs: 0,
  heartbeat: true,
} as const satisfies Omit<
  ResolvedOptions,
  'project' | 'version' | 'packageJson' | 'endpoint' | 'command' | 'channel' | 'ca'
>;

/** The options of the zero-config `track()`. */
export const NO_OPTIONS: ResolvedOptions = ownOnly({ ...DEFAULTS, events: OWN_EVENTS });
