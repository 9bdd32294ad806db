import { readFileSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { type Config, ConfigError } from './config.js';
import { checkNotices } from './check-notices.js';
import { checkStore } from './check-store.js';
import { nameOption, OPTIONS, RETENTION_OPTIONS } from './config-options.js';
import { errorCodeOf } from './error-code.js';
import { explainArguments } from './explain-arguments.js';
import { RELAY_OPTIONS } from './relay-options.js';
import { findConflict, type Retention, writeKept } from './rules/retention-classes.js';
import type { AnyOption, Option } from './option.js';
import { wrapText } from './wrap-text.js';

export type { AnyOption } from './option.js';

export const ALL_OPTIONS: readonly AnyOption[] = [
  ...Object.values(OPTIONS),
  ...Object.values(RETENTION_OPTIONS),
];

export type Flags = Readonly<Partial<Record<string, string | boolean>>>;

/**
 * Reads the configuration: a flag overrides its variable, and that the default. An empty variable
 * counts as not set.
 *
 * @param argv - The arguments after the command, such as `['--port', '0']`.
 * @throws {@link ConfigError}
 */
export function loadConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Config {
  const flags = parseFlags(argv);
  const config: Config = Object.freeze({
    ...resolveOptions(OPTIONS, flags, env),
    retention: resolveRetention(flags, env),
  });
  checkStore(config);
  checkBackups(config);
  checkNotices(config);
  checkTls(config);
  return config;
}

/** @throws {@link ConfigError} */
function checkBackups({ backupDir, backupEveryMs, backupKeep, data, store }: Config): void {
  if (store !== undefined && backupDir !== undefined) {
    throw new ConfigError(
      `${nameOption(OPTIONS.backupDir)} is for counts in the data folder: back the PostgreSQL of ${nameOption(OPTIONS.store)} up by its own means.`,
    );
  }
  if (backupDir !== undefined) {
    const isInside = `${resolve(backupDir)}${sep}`.startsWith(`${resolve(data)}${sep}`);
    if (!isInside) return;
    throw new ConfigError(
      `${nameOption(OPTIONS.backupDir)} must lie outside the data folder, with which backups would be lost; given: "${backupDir}".`,
    );
  }
  for (const [option, given] of [
    [OPTIONS.backupEveryMs, backupEveryMs],
    [OPTIONS.backupKeep, backupKeep],
  ] as const) {
    if (given === option.fallback) continue;
    throw new ConfigError(
      `${nameOption(option)} needs a folder for the backups: set ${nameOption(OPTIONS.backupDir)} too.`,
    );
  }
}

/** @throws {@link ConfigError} */
export function checkTls({ tlsCert, tlsKey }: Pick<Config, 'tlsCert' | 'tlsKey'>): void {
  if ((tlsCert === undefined) === (tlsKey === undefined)) return;
  const { tlsCert: cert, tlsKey: key } = OPTIONS;
  const [given, missing] = tlsKey === undefined ? [cert, key] : [key, cert];
  throw new ConfigError(
    `${nameOption(given)} is set and ${nameOption(missing)} is not: set both, or neither.`,
  );
}

function resolveRetention(flags: Flags, env: NodeJS.ProcessEnv): Retention {
  const retention = resolveOptions(RETENTION_OPTIONS, flags, env);
  const conflict = findConflict(retention);
  if (conflict === undefined) return retention;
  const [long, short] = conflict;
  const [name, other] = [nameOption(RETENTION_OPTIONS[long]), nameOption(RETENTION_OPTIONS[short])];
  throw new ConfigError(
    `${name} must be at least as long as ${other}, ${writeKept(retention[short])}; ` +
      `given: "${writeKept(retention[long])}".`,
  );
}

/** @throws {@link ConfigError} */
export function parseFlags(
  argv: readonly string[],
  known: readonly AnyOption[] = ALL_OPTIONS,
): Flags {
  const options = Object.fromEntries(
    known.flatMap(({ flag, toggle }) =>
      flag === undefined ? [] : [[flag, { type: toggle ? 'boolean' : 'string' } as const]],
    ),
  );
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    throw new ConfigError(explainArguments(error, argv), { cause: error });
  }
}

/** @throws {@link ConfigError} */
export function resolveOptions<Values extends object>(
  options: { readonly [Name in keyof Values]: Option<Values[Name]> },
  flags: Flags,
  env: NodeJS.ProcessEnv,
): Values {
  const names = Object.keys(options) as (keyof Values)[]; // the type says that there are no others
  const named = names.map((name) => [name, resolveOption(options[name], flags, env)] as const);
  return Object.fromEntries(named) as Values; // each name has the value of its option
}

/** @throws {@link ConfigError} */
function resolveOption<Value>(option: Option<Value>, flags: Flags, env: NodeJS.ProcessEnv): Value {
  const { fallback, expected, parse, isSecret = false } = option;
  const given = findGiven(option, flags, env)?.text;
  if (given === undefined) return fallback;
  const value = given === '' ? undefined : parse(given);
  if (value !== undefined) return value;
  const name = nameOption(option);
  throw new ConfigError(`${name} must be ${expected}${isSecret ? '' : `; given: "${given}"`}.`);
}

/**
 * The text that an option is set to, and the flag or variable it comes from; `undefined` if it is not
 * set.
 *
 * @throws {@link ConfigError}
 */
export function findGiven(
  { flag, toggle, variable, isSecret = false }: AnyOption,
  flags: Flags,
  env: NodeJS.ProcessEnv,
): { readonly text: string; readonly from: string } | undefined {
  const flagged = flag === undefined ? undefined : flags[flag];
  const fromFlag = flagged === true ? toggle?.means : flagged;
  // Read in any case: two variables of one secret are an error, also beside a flag.
  const fromEnv = isSecret ? secretFrom(variable, env) : env[variable];
  if (typeof fromFlag === 'string') return { text: fromFlag, from: `--${flag}` };
  if (fromEnv === undefined || fromEnv === '') return undefined;
  const isFile =
    isSecret && env[`${variable}_FILE`] !== undefined && env[`${variable}_FILE`] !== '';
  return { text: fromEnv, from: isFile ? `${variable}_FILE` : variable };
}

/**
 * A secret from its variable, or from the file that a variable with `_FILE` behind its name gives,
 * as containers have them.
 */
export function secretFrom(variable: string, env: NodeJS.ProcessEnv): string | undefined {
  const file = env[`${variable}_FILE`];
  if (file === undefined || file === '') return env[variable];
  if (env[variable]) {
    throw new ConfigError(`${variable} and ${variable}_FILE are both set: leave one of them out.`);
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    // Not its text, which can be the secret itself.
    throw new ConfigError(
      `${variable}_FILE names no file that can be read (${errorCodeOf(error)}).`,
      { cause: error },
    );
  }
}

/** The options that a command takes. */
export type OptionGroup = 'all' | 'data' | 'retention' | 'relay';

const GROUPS: Readonly<Record<OptionGroup, readonly AnyOption[]>> = {
  all: ALL_OPTIONS,
  data: [OPTIONS.data],
  retention: [OPTIONS.data, ...Object.values(RETENTION_OPTIONS)],
  relay: Object.values(RELAY_OPTIONS),
};

/** Each option with its variable, what it may be, and its default, for people. */
export function describeOptions(group: OptionGroup): string {
  return GROUPS[group]
    .map((option) => {
      const { flag, toggle, variable, expected } = option;
      const names = flag === undefined ? `${variable}, ${variable}_FILE` : `--${flag}, ${variable}`;
      if (toggle) return `  --${flag}, ${variable}=${toggle.means}\n${indented(toggle.help)}`;
      const fallback = writeFallback(option) ?? 'none';
      return `  ${names}\n${indented(`${expected} (default: ${fallback})`)}`;
    })
    .join('\n');
}

/** The default of an option as people would set it; `undefined` if it has none. */
export function writeFallback({ fallback, write, toggle }: AnyOption): string | undefined {
  if (toggle && typeof fallback === 'boolean') return fallback ? '1' : '0';
  if (fallback === undefined || fallback === '') return undefined;
  if (Array.isArray(fallback)) return fallback.length === 0 ? undefined : fallback.join(',');
  if (write !== undefined) return write(fallback as never);
  return typeof fallback === 'string' ? fallback : JSON.stringify(fallback);
}

/** The text in lines that fit, six columns to the right. */
const indented = (text: string): string => wrapText(text, '      ', 6);
