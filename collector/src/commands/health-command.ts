import { parseArgs } from 'node:util';
import { ConfigError } from '../config.js';
import { errorMessage } from '../error-message.js';
import { toPrintable } from '../to-printable.js';
import { AskError } from './ask-collector.js';
import { askHealth, findService, type ShownHealth } from './ask-health.js';
import { readUrl } from './read-url.js';

export interface HealthCommandOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
}

/** Less than a container's runtime waits, in milliseconds. */
const ANSWER_WITHIN_MS = 8000;

/**
 * Says in one line whether the collector takes and counts reports, as a container's check.
 *
 * @returns The exit code: 0 if it does, else 1.
 * @throws {@link ConfigError} for arguments that cannot be used.
 */
export async function tellHealth(
  argv: readonly string[],
  { env, print }: HealthCommandOptions,
): Promise<0 | 1> {
  const { url, data } = readArguments(argv);
  try {
    const health = await askHealth(findService({ url, data, env }), ANSWER_WITHIN_MS);
    print(`${describe(health)}\n`);
    return health.isHealthy ? 0 : 1;
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    print(`unhealthy: ${toPrintable(error.message)}\n`);
    return 1;
  }
}

function describe({ isHealthy, failing, conditions = [] }: ShownHealth): string {
  const wrong = conditions.filter(({ state }) => state !== 'ok');
  const told = wrong.map(({ name, reason }) => `${name}: ${reason ?? ''}`);
  const what = told.length > 0 ? told : failing.map((name) => `${name} does not work`);
  return toPrintable([isHealthy ? 'healthy' : 'unhealthy', ...what].join('; '));
}

function readArguments(argv: readonly string[]): {
  url?: string | undefined;
  data?: string | undefined;
} {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { url: { type: 'string' }, data: { type: 'string' } },
    });
    return { url: readUrl(values.url), data: values.data };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(errorMessage(error), { cause: error });
  }
}
