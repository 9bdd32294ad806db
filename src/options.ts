import { isRecord } from './type-guards.js';
import type { Mode } from './consent/decide.js';
import { OptionMistake } from './errors.js';
import { parseEndpoint } from './project/endpoint.js';
import type { EventDeclarations } from './report/declared-events.js';
import { resolveEvents } from './report/resolve-events.js';
import { type FileStorageRequest, readFileRequest } from './storage/file-storage.js';
import type { Storage } from './storage/storage.js';
import type { ManifestEvents } from './wire/manifest.js';
import { MAX_BATCH_REPORTS } from './wire/report.js';

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

/** The limits of the options, for their rules and for the words about them. */
export const OPTION_LIMITS = {
  projectCharacters: 214,
  versionCharacters: 64,
  packageJsonCharacters: 4_096,
  commandCharacters: 100,
  intervalMs: 86_400_000,
  flushAt: MAX_BATCH_REPORTS,
  extraCaCharacters: 65_536,
} as const;

const CONTROL = /[\u0000-\u001f\u007f]/;
const isText =
  (max: number) =>
  (value: unknown): boolean =>
    typeof value === 'string' && value.length >= 1 && value.length <= max && !CONTROL.test(value);
const isBoolean = (value: unknown): boolean => value === true || value === false;
const isOneOf =
  (...values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value);
const isWhole =
  (min: number, max: number) =>
  (value: unknown): boolean =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max;

/** What each option may be. The words for it are in `host/deferred/word-mistake.ts`. */
export const RULES: {
  readonly [Option in keyof Required<HeadcountOptions>]: (value: unknown) => boolean;
} = {
  project: isText(OPTION_LIMITS.projectCharacters),
  version: isText(OPTION_LIMITS.versionCharacters),
  packageJson: isText(OPTION_LIMITS.packageJsonCharacters),
  endpoint: (value) => typeof value === 'string',
  allowInsecure: isBoolean,
  events: isRecord,
  storage: (value) => typeof value === 'object',
  disabled: isBoolean,
  mode: isOneOf('on', 'local', 'off', 'opt-in'),
  notice: isOneOf('none', 'before-send'),
  command: isText(OPTION_LIMITS.commandCharacters),
  inTests: isBoolean,
  flushIntervalMs: isWhole(0, OPTION_LIMITS.intervalMs),
  flushAt: isWhole(1, OPTION_LIMITS.flushAt),
  exitUploadIntervalMs: isWhole(0, OPTION_LIMITS.intervalMs),
  extraCa: (value) =>
    typeof value === 'string' &&
    value.length <= OPTION_LIMITS.extraCaCharacters &&
    value.includes('-----BEGIN CERTIFICATE-----'),
};

/**
 * Checks the options and fills in the defaults. An option that is `undefined` counts as left out.
 *
 * @param readStorage - reads a storage that is no {@link FileStorageRequest}
 * @throws OptionMistake with the option's name, the rule and what was given
 */
export function resolveOptions(
  options: HeadcountOptions,
  readStorage: (given: unknown) => Storage | undefined,
): ResolvedOptions {
  const given: unknown = options;
  if (!isRecord(given)) throw new OptionMistake('options', 'options', given);
  const defined: Record<string, unknown> = {};
  for (const option of Object.keys(given)) {
    const value = given[option];
    if (value === undefined) continue;
    if (!Object.hasOwn(RULES, option)) {
      throw new OptionMistake(option, 'unknown-option', value, Object.keys(RULES).join(', '));
    }
    // The cast: just found among the rules.
    if (!RULES[option as keyof HeadcountOptions](value)) {
      throw new OptionMistake(option, option, value);
    }
    defined[option] = value;
  }
  const asked = Object.hasOwn(defined, 'storage') ? defined['storage'] : DEFAULTS.storage;
  const storage = readFileRequest(asked) ?? readStorage(asked);
  if (!storage) throw new OptionMistake('storage', 'storage', asked);
  const events = resolveEvents(defined['events']);
  const resolved: ResolvedOptions = { ...DEFAULTS, ...defined, events, storage };
  checkEndpoint(resolved);
  return Object.freeze(resolved);
}

function checkEndpoint({ endpoint, allowInsecure }: ResolvedOptions): void {
  if (endpoint === undefined) return;
  const parsed = parseEndpoint(endpoint, { allowInsecure });
  if (typeof parsed !== 'string') return;
  const given = endpoint.replace(/.*@/s, '…@'); // messages are logged, passwords are not
  throw new OptionMistake('endpoint', parsed, given);
}
