import type { ForUsers } from '../api.js';
import type { TelemetryFacts } from '../manifest/telemetry-markdown.js';
import type { Terminal } from './terminal.js';

/** What a command works with. */
export interface CommandContext {
  readonly headcount: ForUsers;
  readonly terminal: Terminal;
  /** One JSON document in place of text. */
  readonly json: boolean;
  /** What the user typed before the command's own name, for hints: `acme telemetry`. */
  readonly name: string;
  /** The author's own words about the program's telemetry. */
  readonly about: TelemetryFacts;
  /** Where `manifest` keeps its files. */
  readonly folder: WorkingFolder;
  /** Whether a flag of the command's own was given. */
  readonly has: (flag: string) => boolean;
}

/** The folder that a command was started in. */
export interface WorkingFolder {
  /** A file's text; `undefined` where there is none. */
  read(name: string): string | undefined;
  write(name: string, text: string): void;
}

/** One command of the user's. */
export interface Command {
  /** What it does, in one line of the help. */
  readonly summary: string;
  /** The flags it knows beside `--json`. */
  readonly flags?: readonly string[];
  run(context: CommandContext): Promise<ExitCode>;
}

/** Prints a result as JSON. */
export function printJson({ terminal }: Pick<CommandContext, 'terminal'>, value: unknown): void {
  terminal.out(JSON.stringify(value, null, 2));
}

/** What the exit code of a command says. */
export const EXIT_CODES = {
  /** It was done. */
  DONE: 0,
  /** It could not be done; the cause was printed. */
  FAILED: 1,
  /** The command was not understood: an unknown word, or one that is missing. */
  USAGE: 2,
  /** `doctor` found something that keeps reports from arriving; `manifest --check` a difference. */
  FOUND: 3,
} as const;

/** One of {@link EXIT_CODES}. */
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
