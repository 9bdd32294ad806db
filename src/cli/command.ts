import type { ForUsers } from '../api.js';
import type { TelemetryFacts } from '../manifest/telemetry-markdown.js';
import type { Terminal } from './terminal.js';

/** What a command needs. */
export interface CommandContext {
  readonly headcount: ForUsers;
  readonly terminal: Terminal;
  /** Whether to print one JSON document instead of text. */
  readonly json: boolean;
  /** What the user types before a command's name, for hints: `acme telemetry`. */
  readonly name: string;
  /** What the author says about the program's telemetry. */
  readonly about: TelemetryFacts;
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

/** Prints a result as JSON. A terminal could obey the control characters in an answer. */
export function printJson({ terminal }: Pick<CommandContext, 'terminal'>, value: unknown): void {
  terminal.out(
    JSON.stringify(value, null, 2).replace(
      NOT_PRINTABLE,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
}

/** What JSON leaves as it is: C1 controls, and characters that are invisible or turn the text. */
const NOT_PRINTABLE = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** The exit codes of the commands. */
export const EXIT_CODES = {
  /** The command succeeded. */
  DONE: 0,
  /** The command failed and printed why. */
  FAILED: 1,
  /** The command was not understood: a word is unknown or missing. */
  USAGE: 2,
  /** `doctor` found a problem, or `manifest --check` a difference. */
  FOUND: 3,
} as const;

/** One of {@link EXIT_CODES}. */
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
