import { parseArgs } from 'node:util';
import { type Config, ConfigError, nameOption, type Option, OPTIONS } from './config.js';
import { errorMessage } from './error-message.js';

const ALL_OPTIONS: readonly Option<Config[keyof Config]>[] = Object.values(OPTIONS);

type Flags = Readonly<Partial<Record<string, string | boolean>>>;

/**
 * Reads the configuration: a flag overrides its variable, and that the default. An empty variable
 * counts as not set.
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
    timezone: resolveOption(OPTIONS.timezone, flags, env),
    logLevel: resolveOption(OPTIONS.logLevel, flags, env),
    announce: resolveOption(OPTIONS.announce, flags, env),
    projects: resolveOption(OPTIONS.projects, flags, env),
    maxProjects: resolveOption(OPTIONS.maxProjects, flags, env),
    adminToken: resolveOption(OPTIONS.adminToken, flags, env),
    trustedProxies: resolveOption(OPTIONS.trustedProxies, flags, env),
    rateLimit: resolveOption(OPTIONS.rateLimit, flags, env),
    keyRateLimit: resolveOption(OPTIONS.keyRateLimit, flags, env),
    statsRateLimit: resolveOption(OPTIONS.statsRateLimit, flags, env),
  });
}

function parseFlags(argv: readonly string[]): Flags {
  const options = Object.fromEntries(
    ALL_OPTIONS.flatMap(({ flag, toggle }) =>
      flag === undefined ? [] : [[flag, { type: toggle ? 'boolean' : 'string' } as const]],
    ),
  );
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    throw new ConfigError(errorMessage(error), { cause: error });
  }
}

function resolveOption<Value>(option: Option<Value>, flags: Flags, env: NodeJS.ProcessEnv): Value {
  const { flag, toggle, variable, fallback, expected, parse, isSecret = false } = option;
  const flagged = flag === undefined ? undefined : flags[flag];
  const fromFlag = flagged === true ? toggle?.means : flagged;
  const fromEnv = env[variable];
  const given = typeof fromFlag === 'string' ? fromFlag : fromEnv === '' ? undefined : fromEnv;
  if (given === undefined) return fallback;
  const value = given === '' ? undefined : parse(given);
  if (value !== undefined) return value;
  const name = nameOption(option);
  throw new ConfigError(`${name} must be ${expected}${isSecret ? '' : `; given: "${given}"`}.`);
}

/** One line for each option, for people. */
export function describeOptions(): string {
  return ALL_OPTIONS.map(({ flag, toggle, variable, fallback, expected }) => {
    const name = flag === undefined ? '' : `--${flag}`;
    if (toggle) return `  ${name.padEnd(18)}${toggle.help} (or ${variable}=${toggle.means})`;
    const standard = fallback === undefined || Array.isArray(fallback) ? 'none' : fallback;
    return `  ${name.padEnd(18)}${expected} (${flag === undefined ? '' : 'or '}${variable}; default: ${String(standard)})`;
  }).join('\n');
}
