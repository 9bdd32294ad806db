import { parseArgs } from 'node:util';
import { didYouMean } from './close-names.js';
import type { CommandName } from './command-names.js';
import { readWords } from './read-words.js';

/** The arguments of `npx headcount`. */
export interface Arguments {
  readonly word: CommandName;
  readonly project: string | undefined;
  readonly endpoint: string | undefined;
  /** The module that exports the declared events, for `manifest`. */
  readonly events: string | undefined;
  /** Whether `manifest` only compares the files. */
  readonly check: boolean;
  /** Whether `on` lets only `startup` and `alive` be reported. */
  readonly basic: boolean;
  /** Whether `show` prints what opens the user's data at the collectors, and only that. */
  readonly proof: boolean;
  readonly json: boolean;
}

const OPTIONS = {
  project: { type: 'string', short: 'p' },
  endpoint: { type: 'string' },
  events: { type: 'string' },
  check: { type: 'boolean' },
  basic: { type: 'boolean' },
  proof: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** Reads the arguments. Returns a text if they contain a mistake. */
export function parseArguments(
  args: readonly string[],
): Arguments | 'help' | 'version' | { readonly mistake: string } {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    strict: false, // its errors do not say what exists
    allowPositionals: true,
    tokens: true,
    options: OPTIONS,
  });
  if (values['help'] === true || positionals[0] === 'help') return 'help';
  if (values['version'] === true) return 'version';
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const mistake = mistakeIn(token, seen);
    if (mistake !== undefined) return { mistake };
  }
  const word = readWords(positionals);
  if (typeof word !== 'string') return word;
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const { project, endpoint, events, check, basic, proof, json } = values;
  if (word !== 'manifest' && (check ?? events) !== undefined) {
    const name = check === undefined ? '--events' : '--check';
    return { mistake: `"${name}" is an option of "manifest", not of "${word}".` };
  }
  if (word !== 'on' && basic !== undefined) {
    return { mistake: `"--basic" is an option of "on", not of "${word}".` };
  }
  if (word !== 'show' && proof !== undefined) {
    return { mistake: `"--proof" is an option of "show", not of "${word}".` };
  }
  return {
    word,
    project: text(project),
    endpoint: text(endpoint),
    events: text(events),
    check: check === true,
    basic: basic === true,
    proof: proof === true,
    json: json === true,
  };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function mistakeIn(token: OptionToken, seen: Set<string>): string | undefined {
  const { name, rawName, value, inlineValue } = token;
  // The cast: any name may be given, and the next line looks for it.
  const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name as keyof typeof OPTIONS] : undefined;
  if (!option) {
    const known = Object.keys(OPTIONS).map((each) => `--${each}`);
    return `Unknown option: "${rawName}".${didYouMean(rawName, known)}`;
  }
  if (seen.has(name)) return `"${rawName}" was given twice.`;
  seen.add(name);
  if (option.type === 'boolean') {
    return value === undefined
      ? undefined
      : `"${rawName}" takes no value, but "${value}" was given.`;
  }
  if (value === undefined || value === '') return `"${rawName}" needs a value.`;
  if (inlineValue !== true && value.startsWith('-')) {
    return `"${rawName}" needs a value, but "${value}" follows.`;
  }
  return undefined;
}
