import type { ForUsers } from '../headcount-api.js';
import type { ExitCode } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** What a command works with. */
export interface CommandContext {
  readonly headcount: ForUsers;
  readonly terminal: Terminal;
  /** One JSON document in place of text. */
  readonly json: boolean;
  /** What the user typed before the command's own name, for hints: `acme telemetry`. */
  readonly name: string;
}

/** One command of the user's. */
export interface Command {
  /** What it does, in one line of the help. */
  readonly summary: string;
  run(context: CommandContext): Promise<ExitCode>;
}

/** Prints a result as JSON. */
export function printJson({ terminal }: Pick<CommandContext, 'terminal'>, value: unknown): void {
  terminal.out(JSON.stringify(value, null, 2));
}
