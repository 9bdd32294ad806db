import { parseArgs } from 'node:util';
import { ConfigError } from '../config.js';
import { errorMessage } from '../error-message.js';
import { toPrintable } from '../to-printable.js';
import { VERSION } from '../version.js';
import { AskError } from './ask-collector.js';
import { askHealth, findService, NO_HEALTH, type ShownHealth } from './ask-health.js';
import { toPerfdata } from './perfdata.js';
import { type PluginRange, readRange, type TimeRanges } from './plugin-range.js';
import { readUrl } from './read-url.js';

export interface CheckOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
}

/** The exit codes of monitoring plugins. */
const STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;
const [OK, WARNING, CRITICAL, UNKNOWN] = [0, 1, 2, 3] as const;

type PluginState = 0 | 1 | 2 | 3;

/** How long an answer may take by default, in seconds, as the guidelines have it. */
const TIMEOUT_S = 10;

/**
 * Checks a collector as a plugin of Nagios and its kin: one line, with figures behind `|`.
 *
 * @returns The exit code: 0 well, 1 a warning, 2 failing or not there, 3 not known.
 */
export async function check(
  argv: readonly string[],
  { env, print }: CheckOptions,
): Promise<PluginState> {
  const say = (state: PluginState, text: string, perfdata?: string): PluginState => {
    // A bar would begin the figures.
    const line = toPrintable(text).replaceAll('|', '/');
    print(
      `HEADCOUNT ${STATES[state]} - ${line}${perfdata === undefined ? '' : ` | ${perfdata}`}\n`,
    );
    return state;
  };
  try {
    const { url, data, timeoutMs, ignored, isVersion, ...ranges } = readArguments(argv);
    if (isVersion) {
      print(`headcount-collector check ${VERSION}\n`);
      return OK;
    }
    const health = await askHealth(findService({ url, data, env }), timeoutMs);
    expectConditions(health, ignored);
    const { state, text } = judge(health, ranges, ignored);
    return say(state, text, toPerfdata(health, ranges));
  } catch (error) {
    if (error instanceof AskError) {
      return say(error.code === NO_HEALTH ? UNKNOWN : CRITICAL, error.message);
    }
    return say(UNKNOWN, errorMessage(error));
  }
}

/** @throws {@link ConfigError} if the collector has no condition of a name. */
function expectConditions({ conditions }: ShownHealth, names: readonly string[]): void {
  if (conditions === undefined) return; // it shows them with a token alone
  const known = conditions.map(({ name }) => name);
  const wrong = names.find((name) => !known.includes(name));
  if (wrong === undefined) return;
  throw new ConfigError(`--ignore must be one of ${known.join(', ')}; given: "${wrong}".`);
}

function judge(
  { isHealthy, failing, conditions, tookMs, isRelay }: ShownHealth,
  { warning, critical }: TimeRanges,
  ignored: readonly string[],
): { readonly state: PluginState; readonly text: string } {
  const seconds = tookMs / 1000;
  const answered = `answered in ${seconds.toFixed(3)} s`;
  const isLate = critical?.alerts(seconds) === true;
  const isSlow = warning?.alerts(seconds) === true;
  const option = isLate ? '--critical' : isSlow ? '--warning' : undefined;
  const range = isLate ? critical : warning;
  const took =
    option === undefined ? answered : `${answered}, which ${option} ${range?.text ?? ''} tells of`;
  const wrong = (conditions ?? []).filter(
    ({ name, state, isCritical }) => state !== 'ok' && (isCritical || !ignored.includes(name)),
  );
  const told = wrong.map(({ name, reason }) => `${name}: ${reason ?? ''}`);
  const found =
    told.length > 0 ? told : isHealthy ? [] : [`not working: ${failing.join(', ') || 'unknown'}`];
  if (!isHealthy || isLate) {
    return { state: CRITICAL, text: [...found, took].join('; ') };
  }
  if (wrong.length > 0 || isSlow) {
    return { state: WARNING, text: [...found, took].join('; ') };
  }
  const seen = isRelay ? 'are shown on its machine and to --metrics-networks' : 'need a token';
  const all = conditions === undefined ? `components work (warnings ${seen})` : 'all is well';
  return { state: OK, text: `${all}, ${took}` };
}

interface Arguments extends TimeRanges {
  readonly url: string | undefined;
  readonly data: string | undefined;
  readonly timeoutMs: number;
  readonly ignored: readonly string[];
  readonly isVersion: boolean;
}

/** @throws {@link ConfigError} */
function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      url: { type: 'string', short: 'u' },
      data: { type: 'string' },
      warning: { type: 'string', short: 'w' },
      critical: { type: 'string', short: 'c' },
      timeout: { type: 'string', short: 't', default: String(TIMEOUT_S) },
      ignore: { type: 'string', multiple: true, default: [] },
      version: { type: 'boolean', short: 'V', default: false },
      verbose: { type: 'boolean', short: 'v', multiple: true },
    },
  });
  const timeout = Number(values.timeout);
  if (!(timeout > 0 && timeout <= 600)) {
    throw new ConfigError(
      `--timeout must be seconds, more than 0 and at most 600; given: "${values.timeout}".`,
    );
  }
  return {
    url: readUrl(values.url),
    data: values.data,
    timeoutMs: timeout * 1000,
    ignored: values.ignore,
    isVersion: values.version,
    warning: rangeOf('warning', values.warning),
    critical: rangeOf('critical', values.critical),
  };
}

function rangeOf(option: string, text: string | undefined): PluginRange | undefined {
  if (text === undefined) return undefined;
  const range = readRange(text);
  if (range !== undefined) return range;
  throw new ConfigError(
    `--${option} must be a range of seconds, such as 2 or 0.5:5; given: "${text}".`,
  );
}
