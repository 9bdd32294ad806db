import { parseArgs } from 'node:util';
import { LOG_LEVELS, type LogLevel } from './logs/logger.js';

/** How the collector runs. */
export interface Config {
  /**
   * The TCP port, from 0 to 65535; 0 takes any free one.
   *
   * @default 8081
   */
  readonly port: number;
  /**
   * The address to listen on. `0.0.0.0` listens on all.
   *
   * @default '127.0.0.1'
   */
  readonly host: string;
  /**
   * The folder that everything is kept in. Created if it is missing.
   *
   * @default './headcount-data'
   */
  readonly data: string;
  /**
   * How much is logged to stdout.
   *
   * @default 'info'
   */
  readonly logLevel: LogLevel;
}

/** An option that cannot be used. The message names it, and what was expected and given. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

interface Option<Value> {
  readonly flag: string;
  readonly variable: string;
  readonly fallback: Value;
  readonly expected: string;
  /** `undefined` if the text is not what is expected. */
  readonly parse: (text: string) => Value | undefined;
}

const isLogLevel = (text: string): text is LogLevel =>
  (LOG_LEVELS as readonly string[]).includes(text);

/** The options, by their name in {@link Config}: the one place for names, bounds and defaults. */
export const OPTIONS: { readonly [Name in keyof Config]: Option<Config[Name]> } = {
  port: {
    flag: 'port',
    variable: 'HEADCOUNT_PORT',
    fallback: 8081,
    expected: 'a whole number from 0 to 65535',
    parse: (text) => (/^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined),
  },
  host: {
    flag: 'host',
    variable: 'HEADCOUNT_HOST',
    fallback: '127.0.0.1',
    expected: 'a host name or an IP address',
    parse: (text) => (/^[\w.:-]+$/.test(text) ? text : undefined),
  },
  data: {
    flag: 'data',
    variable: 'HEADCOUNT_DATA',
    fallback: './headcount-data',
    expected: 'the path of a folder',
    parse: (text) => (text.includes('\0') ? undefined : text),
  },
  logLevel: {
    flag: 'log-level',
    variable: 'HEADCOUNT_LOG_LEVEL',
    fallback: 'info',
    expected: `one of ${LOG_LEVELS.join(', ')}`,
    parse: (text) => (isLogLevel(text) ? text : undefined),
  },
};

type Flags = Readonly<Partial<Record<string, string | boolean>>>;

/**
 * Settles the configuration: a flag comes before its variable, and that before the default. An
 * empty variable counts as not set.
 *
 * @param argv - The arguments after the command, such as `['--port', '0']`.
 * @throws {@link ConfigError}
 */
export function loadConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Config {
  const flags = parseFlags(argv);
  return Object.freeze({
    port: resolveOption(OPTIONS.port, flags, env),
    host: resolveOption(OPTIONS.host, flags, env),
    data: resolveOption(OPTIONS.data, flags, env),
    logLevel: resolveOption(OPTIONS.logLevel, flags, env),
  });
}

function parseFlags(argv: readonly string[]): Flags {
  const options = Object.fromEntries(
    Object.values(OPTIONS).map(({ flag }) => [flag, { type: 'string' as const }]),
  );
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function resolveOption<Value>(option: Option<Value>, flags: Flags, env: NodeJS.ProcessEnv): Value {
  const { flag, variable, fallback, expected, parse } = option;
  const fromFlag = flags[flag];
  const fromEnv = env[variable];
  const given = typeof fromFlag === 'string' ? fromFlag : fromEnv === '' ? undefined : fromEnv;
  if (given === undefined) return fallback;
  const value = given === '' ? undefined : parse(given);
  if (value !== undefined) return value;
  throw new ConfigError(`--${flag} (or ${variable}) must be ${expected}; given: "${given}".`);
}
