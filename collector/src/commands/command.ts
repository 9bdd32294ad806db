import type { OptionGroup } from '../load-config.js';

/** What `--help` says about a command. */
export interface CommandHelp {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The forms of its arguments. */
  readonly usage: readonly string[];
  /** In paragraphs, without line breaks. */
  readonly text: readonly string[];
  /** Its own options: a name with its value, and what it does. */
  readonly options: readonly (readonly [name: string, text: string])[];
  /** The options of `serve` that matter for it too. */
  readonly takesConfig?: OptionGroup;
}

/** A command. */
export interface Command extends CommandHelp {
  /**
   * Runs it.
   *
   * @param args - The arguments after its name.
   * @returns The exit code, if it is another than 0.
   * @throws What `explainFailure()` explains; the exit code is 1 then.
   */
  readonly run: (args: readonly string[], context: CommandContext) => Promise<number | void>;
}

/** What commands use of their process. */
export interface CommandContext {
  readonly env: NodeJS.ProcessEnv;
  /** Prints the result. */
  readonly print: (text: string) => void;
  /** Prints the result as fast as its reader takes it. `false` once there is no reader. */
  readonly write: (text: string) => Promise<boolean>;
  /** Prints a line for people that is no part of the result. */
  readonly warn: (line: string) => void;
  /** Says on a terminal what is waited for, in one line; an empty text ends it. */
  readonly tell: (text: string) => void;
  /** Where progress goes that is shown on a terminal and elsewhere. */
  readonly progress: { readonly isTTY: boolean; readonly write: (text: string) => unknown };
  /** Whether the result goes to a terminal. */
  readonly isTerminal: boolean;
  readonly now: () => Date;
  readonly wait: (ms: number) => Promise<void>;
}
