import { didYouMean } from '../cli/close-names.js';

/** The arguments of `npx headcount check`. */
export interface CheckArguments {
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** How long a program that does not end by itself runs before it gets SIGTERM. */
  readonly forMs: number | undefined;
  /** A program that has not ended by itself after so long hangs. */
  readonly limitMs: number;
  /** How often the program runs with telemetry on, off, and with a collector that never answers. */
  readonly runs: number;
  /** How much later than with telemetry off the program may end. */
  readonly delayMs: number;
  /** The file that says what may be reported. */
  readonly manifest: string;
  /** Whether the person has opted in, for programs that ask first. */
  readonly optIn: boolean;
  readonly json: boolean;
}

/** What `check` prints as its help. */
export const CHECK_HELP = `Usage: npx headcount check [options] -- <command of your program>

Runs your program in a home of its own, with a collector that sends nothing on, and checks that its
telemetry arrives, contains what is declared, and cannot be noticed.

Options:
  --for <seconds>    for a program that does not end by itself: end it after so long
  --limit <seconds>  a program that has not ended by itself after so long hangs (60)
  --runs <n>         how often it runs in each way, 2–20 (3)
  --delay <ms>       how much later it may end than with telemetry off (500)
  --manifest <file>  what may be reported (headcount.manifest.json)
  --opt-in           run it for a person who has opted in
  --json             print one JSON document instead of text`;

const FLAGS = ['--opt-in', '--json'];
const NUMBERS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  '--for': [0.1, 600],
  '--limit': [1, 3_600],
  '--runs': [2, 20],
  '--delay': [0, 60_000],
};
const FRACTIONS = ['--for', '--limit'];
const OPTIONS = [...FLAGS, ...Object.keys(NUMBERS), '--manifest', '--help'];

/**
 * Reads the arguments. The program begins at `--`, or at the first word that is no option: some
 * runners of packages keep `--` to themselves.
 */
export function checkArguments(
  args: readonly string[],
): CheckArguments | 'help' | { readonly mistake: string } {
  const given = new Map<string, string>();
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-')) break;
    if (arg === '--') {
      at += 1;
      break;
    }
    const [name = '', inline] = arg.split(/=(.*)/s, 2);
    if (name === '-h' || name === '--help') return 'help';
    if (!OPTIONS.includes(name)) {
      return { mistake: `Unknown option of "check": "${name}".${didYouMean(name, OPTIONS)}` };
    }
    if (given.has(name)) return { mistake: `"${name}" was given twice.` };
    const isFlag = FLAGS.includes(name);
    if (isFlag && inline !== undefined) return { mistake: `"${name}" takes no value.` };
    const value = isFlag ? '' : (inline ?? args[(at += 1)]);
    if (!isFlag && (value === undefined || value === '' || value === '--')) {
      return { mistake: `"${name}" needs a value.` };
    }
    given.set(name, value ?? '');
  }
  const [program, ...rest] = args.slice(at);
  if (program === undefined || program === '') {
    return { mistake: 'Name the program to run: npx headcount check -- node cli.js' };
  }
  for (const [name, [least, most]] of Object.entries(NUMBERS)) {
    const value = given.get(name);
    const number = Number(value);
    const isRight =
      number >= least && number <= most && (FRACTIONS.includes(name) || number % 1 === 0);
    if (value !== undefined && !isRight) {
      return { mistake: `"${name}" must be a number from ${least} to ${most}, and is "${value}".` };
    }
  }
  const seconds = given.get('--for');
  return {
    command: [program, ...rest],
    forMs: seconds === undefined ? undefined : Number(seconds) * 1000,
    limitMs: Number(given.get('--limit') ?? 60) * 1000,
    runs: Number(given.get('--runs') ?? 3),
    delayMs: Number(given.get('--delay') ?? 500),
    manifest: given.get('--manifest') ?? 'headcount.manifest.json',
    optIn: given.has('--opt-in'),
    json: given.has('--json'),
  };
}
