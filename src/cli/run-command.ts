import type { ForUsers } from '../api.js';
import { ownOnly } from '../own-only.js';
import type { TelemetryFacts } from '../manifest/telemetry-markdown.js';
import { didYouMean } from './close-names.js';
import type { Command, CommandContext } from './command.js';
import type { CommandName } from './command-names.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { commandHelp, COMMANDS } from './commands.js';
import { workingFolder } from './working-folder.js';
import { printerFor } from './printer.js';
import { readWords } from './read-words.js';
import { surroundings } from './surroundings.js';
import { onProcessStreams, type Terminal } from './terminal.js';

/** How a command is run. */
export interface RunCommandOptions {
  /**
   * What the user types before a command's name, for hints.
   *
   * @default `npx headcount --project <project>`
   * @example 'acme telemetry'
   */
  readonly name?: string;
  /**
   * What `manifest` writes into TELEMETRY.md in addition to the events: purpose, retention and
   * endpoint.
   *
   * @default `{}`
   */
  readonly about?: TelemetryFacts;
  /**
   * Where to print.
   *
   * @default stdout and stderr of the process, with colours if stdout is a terminal
   */
  readonly terminal?: Terminal;
}

/**
 * Runs one of the commands for users: `status`, `on`, `off`, `show`, `export`, `forget`, `doctor`
 * or `manifest`, with `--json` for one JSON document instead of text. An app can mount them under
 * one of its commands, with any argument parser. Never rejects.
 *
 * @param args - the words after the app's command: `['off']`, `['show', '--json']`; `[]` means
 * `['status']`
 * @returns one of {@link EXIT_CODES}
 * @example
 * program.command('telemetry [command]').action(async (command = 'status') => {
 *   process.exitCode = await runCommand(headcount, [command], { name: 'acme telemetry' });
 * });
 */
export async function runCommand(
  headcount: ForUsers,
  args: readonly string[],
  options: RunCommandOptions = {},
): Promise<ExitCode> {
  const { terminal } = ownOnly(options);
  if (terminal) return runCommandFor(headcount, args, { ...options, terminal });
  return onProcessStreams((own) => runCommandFor(headcount, args, { ...options, terminal: own }));
}

/** What only `npx headcount` knows, which runs the commands for any program. */
export interface CommandSetting extends RunCommandOptions {
  readonly terminal: Terminal;
  /** Where the endpoint comes from, if it is not what set-up has found. */
  readonly endpointFrom?: string;
  /** No program of this name has reported from here, and nobody has named its collector. */
  readonly isUnknown?: boolean;
}

/** As {@link runCommand}. */
export async function runCommandFor(
  headcount: ForUsers,
  args: readonly string[],
  setting: CommandSetting,
): Promise<ExitCode> {
  const { name, about = {}, terminal: given, endpointFrom, isUnknown = false } = ownOnly(setting);
  const terminal = printerFor(given);
  const flags = args.filter((arg) => arg.startsWith('-'));
  const words = args.filter((arg) => !arg.startsWith('-'));
  const project = headcount.status().project ?? '<project>';
  const context: CommandContext = {
    headcount,
    terminal,
    json: flags.includes('--json'),
    name: name ?? `npx headcount --project ${project}`,
    about: ownOnly(about),
    ...(endpointFrom !== undefined && { endpointFrom }),
    isUnknown,
    folder: workingFolder,
    surroundings,
    has: (flag) => flags.includes(flag),
  };
  const help = commandHelp(context.name).split('\n');
  if (words[0] === 'help' || flags.includes('--help')) {
    terminal.out(...help);
    return EXIT_CODES.DONE;
  }
  const word = readWords(words);
  const mistake = typeof word === 'string' ? mistakeInFlags(word, flags) : word.mistake;
  if (typeof word !== 'string' || mistake !== undefined) {
    terminal.err(mistake ?? '', ...help);
    return EXIT_CODES.USAGE;
  }
  try {
    return await COMMANDS[word].run(context);
  } catch (error) {
    terminal.err(error instanceof Error ? error.message : 'The command failed without a message.');
    return EXIT_CODES.FAILED;
  }
}

/** What is wrong with the options of a mounted command, if anything is. */
function mistakeInFlags(word: CommandName, flags: readonly string[]): string | undefined {
  const command: Command = COMMANDS[word];
  const known = ['--json', '--help', ...(command.flags ?? [])];
  const unknown = flags.find((flag) => !known.includes(flag));
  if (unknown === undefined) return undefined;
  return `Unknown option of "${word}": "${unknown}".${didYouMean(unknown, known)}`;
}
