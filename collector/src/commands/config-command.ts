import {
  ALL_OPTIONS,
  type AnyOption,
  findGiven,
  loadConfig,
  parseFlags,
  writeFallback,
} from '../load-config.js';
import { toPrintable } from '../to-printable.js';

const CHANGED = '--changed';
const JSON_FLAG = '--json';

/** What `config` says about an option. */
interface Setting {
  /** The flag, or the variable of an option without one. */
  readonly option: string;
  readonly variable: string;
  /** As people set it; `null` if it has none, or if it is a secret. */
  readonly value: string | null;
  /** The flag or variable that has set it; `default` if none has. */
  readonly from: string;
  readonly is_secret: boolean;
}

/**
 * Prints the options that `serve` would have with these arguments. A secret is never printed.
 *
 * @throws {@link ConfigError}
 */
export function showConfig(
  argv: readonly string[],
  { env, print }: { readonly env: NodeJS.ProcessEnv; readonly print: (text: string) => void },
): void {
  showConfigOf({ known: ALL_OPTIONS, load: loadConfig }, argv, { env, print });
}

/** What has options: `serve`, or `relay`. */
export interface Configured {
  readonly known: readonly AnyOption[];
  /** Reads and checks them. @throws `ConfigError` */
  readonly load: (argv: readonly string[], env: NodeJS.ProcessEnv) => unknown;
}

/** The same for any command. */
export function showConfigOf(
  { known, load }: Configured,
  argv: readonly string[],
  { env, print }: { readonly env: NodeJS.ProcessEnv; readonly print: (text: string) => void },
): void {
  const isOwn = (argument: string): boolean => argument === CHANGED || argument === JSON_FLAG;
  const options = argv.filter((argument) => !isOwn(argument));
  // For its checks: what would be refused is refused here too.
  load(options, env);
  const flags = parseFlags(options, known);
  const settings = known.map((option) => settingOf(option, findGiven(option, flags, env)));
  const shown = argv.includes(CHANGED)
    ? settings.filter(({ from }) => from !== 'default')
    : settings;
  print(
    argv.includes(JSON_FLAG) ? `${JSON.stringify({ options: shown }, null, 2)}\n` : write(shown),
  );
}

function settingOf(
  option: AnyOption,
  given: { readonly text: string; readonly from: string } | undefined,
): Setting {
  const { flag, variable, isSecret = false } = option;
  return {
    option: flag === undefined ? variable : `--${flag}`,
    variable,
    value: isSecret ? null : (given?.text ?? writeFallback(option) ?? null),
    from: given?.from ?? 'default',
    is_secret: isSecret,
  };
}

function write(settings: readonly Setting[]): string {
  const isSet = ({ from }: Setting): boolean => from !== 'default';
  const rows = settings.map((setting) => {
    const { variable, value, from, is_secret: isSecret } = setting;
    const shown = isSecret && isSet(setting) ? '(set, not shown)' : toPrintable(value ?? '(none)');
    return [variable, shown, from] as const;
  });
  const width = (column: 0 | 1): number => Math.max(0, ...rows.map((row) => row[column].length));
  const [names, values] = [width(0), Math.min(width(1), 48)];
  return rows
    .map(([name, value, from]) => `${name.padEnd(names)}  ${value.padEnd(values)}  ${from}\n`)
    .join('');
}
