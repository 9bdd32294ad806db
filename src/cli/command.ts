import type { ForUsers } from '../api.js';
import type { TelemetryFacts } from '../manifest/telemetry-markdown.js';
import type { ExitCode } from './exit-codes.js';
import type { Printer } from './printer.js';
import type { Surroundings } from './surroundings.js';

/** What a command needs. */
export interface CommandContext {
  readonly headcount: ForUsers;
  readonly terminal: Printer;
  /** Whether to print one JSON document instead of text. */
  readonly json: boolean;
  /** What the user types before a command's name, for hints: `acme telemetry`. */
  readonly name: string;
  /** What the author says about the program's telemetry. */
  readonly about: TelemetryFacts;
  /** Where the endpoint comes from, if it is not what set-up has found. */
  readonly endpointFrom?: string;
  /** No program of this name has reported from here, and nobody has named its collector. */
  readonly isUnknown: boolean;
  readonly surroundings: Surroundings;
  /** The folder that `manifest` writes to. */
  readonly folder: WorkingFolder;
  /** Whether one of the command's flags was given. */
  readonly has: (flag: string) => boolean;
}

/** The folder in which a command was started. */
export interface WorkingFolder {
  /** The text of a file; `undefined` if there is none. */
  read(name: string): string | undefined;
  write(name: string, text: string): void;
}

/** One of the commands for users. */
export interface Command {
  /** What it does: one line of the help. */
  readonly summary: string;
  /** The flags that it accepts besides `--json`. */
  readonly flags?: readonly string[];
  run(context: CommandContext): Promise<ExitCode>;
}

/** Prints a result as JSON. */
export function printJson({ terminal }: Pick<CommandContext, 'terminal'>, value: unknown): void {
  terminal.out(...JSON.stringify(value, null, 2).split('\n'));
}
