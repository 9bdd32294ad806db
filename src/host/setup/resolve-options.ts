import { OptionMistake } from '../../errors.js';
import { DEFAULTS, type HeadcountOptions, type ResolvedOptions } from '../../options.js';
import { ownOnly } from '../../own-only.js';
import type { Platform } from '../../platform/platform.js';
import type { HostPlatform } from '../host-platform.js';
import { parseEndpoint } from '../../project/parse-endpoint.js';
import { personalProject } from '../../report/personal-project.js';
import { MAX_EXIT_BUDGET_MS, MAX_INTERVAL_MS } from '../../ranges.js';
import { resolveEvents } from '../../report/resolve-events.js';
import { absoluteFolders, readFileRequest } from '../../storage/file-request.js';
import type { Storage } from '../../storage/storage.js';
import { isRecord } from '../../type-guards.js';
import { CHANNELS, MAX_BATCH_REPORTS } from '../../wire/report.js';

/** The limits of the options, for their rules and for the error messages. */
export const OPTION_LIMITS = {
  projectCharacters: 214,
  versionCharacters: 64,
  packageJsonCharacters: 4_096,
  commandCharacters: 100,
  intervalMs: MAX_INTERVAL_MS,
  exitBudgetMs: MAX_EXIT_BUDGET_MS,
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

/** The rule of each option. `host/deferred/word-mistake.ts` has the error messages. */
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
  exitBudgetMs: isWhole(0, OPTION_LIMITS.exitBudgetMs),
  heartbeat: isBoolean,
  channel: isOneOf(...CHANNELS),
  extraCa: (value) =>
    typeof value === 'string' &&
    value.length <= OPTION_LIMITS.extraCaCharacters &&
    value.includes('-----BEGIN CERTIFICATE-----'),
};

/**
 * Checks the options and fills in the defaults. An option that is `undefined` counts as not given.
 *
 * @param readStorage - reads a storage that is not a {@link FileStorageRequest}
 * @throws OptionMistake with the option's name, the rule and the given value
 */
export function resolveOptions(
  options: HeadcountOptions,
  platform: Pick<Platform, 'absolutePath'> & Partial<Pick<HostPlatform, 'deferred' | 'system'>>,
  readStorage: (given: unknown) => Storage | undefined,
): ResolvedOptions {
  const given: unknown = options;
  if (!isRecord(given)) throw new OptionMistake('options', 'options', given);
  const defined: Record<string, unknown> = ownOnly({});
  for (const option of Object.keys(given)) {
    const value = given[option];
    if (value === undefined) continue;
    if (!Object.hasOwn(RULES, option)) {
      throw new OptionMistake(option, 'unknown-option', value, Object.keys(RULES).join(', '));
    }
    // The cast is safe: the line above has found the name among the rules.
    if (!RULES[option as keyof HeadcountOptions](value)) {
      throw new OptionMistake(option, option, value);
    }
    defined[option] = value;
  }
  const asked = Object.hasOwn(defined, 'storage') ? defined['storage'] : DEFAULTS.storage;
  const found = readFileRequest(asked) ?? readStorage(asked);
  if (!found) throw new OptionMistake('storage', 'storage', asked);
  const storage = absoluteFolders(found, platform);
  const events = resolveEvents(defined['events'], defined['heartbeat'] !== false);
  const resolved: ResolvedOptions = ownOnly({ ...DEFAULTS, ...defined, events, storage });
  checkEndpoint(resolved);
  checkProject(resolved, platform);
  return Object.freeze(resolved);
}

function checkProject(
  { project }: ResolvedOptions,
  { deferred, system }: Partial<Pick<HostPlatform, 'deferred' | 'system'>>,
): void {
  if (project === undefined) return;
  // Without the deferred part, the sender still checks the name.
  const find = (text: string) => system && deferred?.()?.personalFinder(system).find(text);
  if (personalProject(project, find) === undefined) return;
  throw new OptionMistake('project', 'personal-project', project);
}

function checkEndpoint({ endpoint, allowInsecure }: ResolvedOptions): void {
  if (endpoint === undefined) return;
  const parsed = parseEndpoint(endpoint, { allowInsecure });
  if (typeof parsed !== 'string') return;
  const given = endpoint.replace(/.*@/s, '…@'); // messages are logged: hide the password
  throw new OptionMistake('endpoint', parsed, given);
}
