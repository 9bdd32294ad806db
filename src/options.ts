import { isRecord } from './type-guards.js';
import type { Mode } from './consent/decide.js';
import { HeadcountError, type HeadcountErrorCode } from './errors.js';
import { ENDPOINT_FAULTS, parseEndpoint } from './project/endpoint.js';
import type { EventDeclarations } from './report/declared-events.js';
import { resolveEvents } from './report/resolve-events.js';
import type { FileStorageRequest } from './storage/file-storage.js';
import { readStorage, STORAGE_EXPECTED } from './storage/read-storage.js';
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
   * @default `HEADCOUNT_ENDPOINT`, then `headcount.endpoint` in the package.json, then
   * `http://127.0.0.1:8081`
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

interface Rule {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

const CONTROL = /[\u0000-\u001f\u007f]/;
const text = (max: number): Rule => ({
  expected: `a string of 1–${max} characters without control characters`,
  holds: (value) =>
    typeof value === 'string' && value.length >= 1 && value.length <= max && !CONTROL.test(value),
});
const boolean: Rule = {
  expected: 'true or false',
  holds: (value) => typeof value === 'boolean',
};
const oneOf = (...values: readonly string[]): Rule => ({
  expected: `one of ${values.map((value) => `"${value}"`).join(', ')}`,
  holds: (value) => values.includes(String(value)) && typeof value === 'string',
});
const wholeNumber = (min: number, max: number, unit = ''): Rule => ({
  expected: `a whole number${unit}, ${min}–${max}`,
  holds: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
});
const RULES: { readonly [Option in keyof Required<HeadcountOptions>]: Rule } = {
  project: text(214),
  version: text(64),
  packageJson: text(4096),
  endpoint: { expected: ENDPOINT_FAULTS['not-a-url'], holds: (value) => typeof value === 'string' },
  allowInsecure: boolean,
  events: { expected: 'an object of declarations by name', holds: isRecord },
  storage: { expected: STORAGE_EXPECTED, holds: (value) => typeof value === 'object' },
  disabled: boolean,
  mode: oneOf('on', 'local', 'off', 'opt-in'),
  notice: oneOf('none', 'before-send'),
  command: text(100),
  inTests: boolean,
  flushIntervalMs: wholeNumber(0, 86_400_000, ' of milliseconds'),
  flushAt: wholeNumber(1, MAX_BATCH_REPORTS),
  exitUploadIntervalMs: wholeNumber(0, 86_400_000, ' of milliseconds'),
  extraCa: {
    expected: 'one or more certificates as PEM text, at most 64 KiB',
    holds: (value) =>
      typeof value === 'string' &&
      value.length <= 65_536 &&
      value.includes('-----BEGIN CERTIFICATE-----'),
  },
};

/**
 * Checks the options and fills in the defaults. An option that is `undefined` counts as left out.
 *
 * @throws HeadcountError with the code, the option's name, what was expected and what was given
 */
export function resolveOptions(options: HeadcountOptions): ResolvedOptions {
  const given: unknown = options;
  if (!isRecord(given)) throw invalid('options', 'an object', given);
  const defined = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [option, value] of defined) {
    if (!Object.hasOwn(RULES, option)) {
      const expected = `one of ${Object.keys(RULES).join(', ')}`;
      throw invalid(option, expected, value, 'HEADCOUNT_ERR_UNKNOWN_OPTION');
    }
    const rule = RULES[option as keyof HeadcountOptions];
    if (!rule.holds(value)) throw invalid(option, rule.expected, value);
  }
  const named = Object.fromEntries(defined);
  const all: Readonly<Record<string, unknown>> = { ...DEFAULTS, ...named };
  const events = resolveEvents(all['events']);
  const storage = readStorage(all['storage']);
  if (!storage) throw invalid('storage', STORAGE_EXPECTED, all['storage']);
  const resolved: ResolvedOptions = { ...DEFAULTS, ...named, events, storage };
  checkEndpoint(resolved);
  return Object.freeze(resolved);
}

function checkEndpoint({ endpoint, allowInsecure }: ResolvedOptions): void {
  if (endpoint === undefined) return;
  const parsed = parseEndpoint(endpoint, { allowInsecure });
  if (typeof parsed !== 'string') return;
  const code =
    parsed === 'insecure' ? 'HEADCOUNT_ERR_INSECURE_ENDPOINT' : 'HEADCOUNT_ERR_INVALID_OPTION';
  const given = endpoint.replace(/.*@/s, '…@'); // messages are logged, passwords are not
  throw invalid('endpoint', ENDPOINT_FAULTS[parsed], given, code);
}

function invalid(
  option: string,
  expected: string,
  given: unknown,
  code: HeadcountErrorCode = 'HEADCOUNT_ERR_INVALID_OPTION',
): HeadcountError {
  return new HeadcountError(code, { option, expected, given });
}
