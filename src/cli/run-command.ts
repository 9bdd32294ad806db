import type { ForUsers } from '../api.js';
import type { TelemetryFacts } from '../manifest/telemetry-markdown.js';
import { type Command, type CommandContext, EXIT_CODES, type ExitCode } from './command.js';
import { commandHelp, COMMANDS } from './commands.js';
import { workingFolder } from './working-folder.js';
import { printerFor } from './printer.js';
import { nodeTerminal, type Terminal } from './terminal.js';

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
 * @returns the exit code: 0 success, 1 failure, 2 the command was not understood, 3 `doctor` found
 * a problem or `manifest --check` a difference
 * @example
 * program.command('telemetry [command]').action(async (command = 'status') => {
 *   process.exitCode = await runCommand(headcount, [command], { name: 'acme telemetry' });
 * });
 */
export async function runCommand(
  headcount: ForUsers,
  args: readonly string[],
  { name, about = {}, terminal: given = nodeTerminal() }: RunCommandOptions = {},
): Promise<ExitCode> {
  const terminal = printerFor(given);
  const words = args.filter((arg) => !arg.startsWith('-'));
  const flags = args.filter((arg) => arg.startsWith('-'));
  const project = headcount.status().project ?? '<project>';
  const context: CommandContext = {
    headcount,
    terminal,
    json: flags.includes('--json'),
    name: name ?? `npx headcount --project ${project}`,
    about,
    folder: workingFolder,
    has: (flag) => flags.includes(flag),
  };
  const [word = 'status', ...more] = words;
  if (word === 'help' || flags.includes('--help')) {
    terminal.out(...commandHelp(context.name).split('\n'));
    return EXIT_CODES.DONE;
  }
  const command: Command | undefined = isCommand(word) ? COMMANDS[word] : undefined;
  const known = ['--json', ...(command?.flags ?? [])];
  const unknown = flags.find((flag) => !known.includes(flag)) ?? more[0];
  if (!command || unknown !== undefined) {
    terminal.err(`"${unknown ?? word}" is unknown.`, ...commandHelp(context.name).split('\n'));
    return EXIT_CODES.USAGE;
  }
  try {
    return await command.run(context);
  } catch (error) {
    terminal.err(error instanceof Error ? error.message : 'The command failed without a message.');
    return EXIT_CODES.FAILED;
  }
}

const isCommand = (word: string): word is keyof typeof COMMANDS => Object.hasOwn(COMMANDS, word);
