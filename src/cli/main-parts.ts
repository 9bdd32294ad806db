import type { createHeadcount } from '../headcount.js';
import type { Platform } from '../platform/platform.js';
import type { WorkingFolder } from './command.js';
import type { commandHelp } from './commands.js';
import type { runCommand } from './run-command.js';
import type { Terminal } from './terminal.js';

/** What the program itself takes. */
export interface MainParts {
  readonly platform: Platform;
  readonly terminal: Terminal;
  /** Where it was started. */
  readonly folder: WorkingFolder;
  /** What a module of the author's exports, by its path. */
  readonly loadModule: (file: string) => Promise<Readonly<Record<string, unknown>>>;
  readonly version: string;
  readonly createHeadcount: typeof createHeadcount;
  readonly runCommand: typeof runCommand;
  readonly commandHelp: typeof commandHelp;
}
