import type { ForUsers } from '../api.js';
import type { createHeadcount } from '../headcount.js';
import type { Platform } from '../platform/platform.js';
import type { ExitCode } from './exit-codes.js';
import type { WorkingFolder } from './command.js';
import type { commandHelp } from './commands.js';
import type { CommandSetting } from './run-command.js';
import type { Terminal } from './terminal.js';

/** What `main()` needs. */
export interface MainParts {
  readonly platform: Platform;
  readonly terminal: Terminal;
  /** The folder in which the command was started. */
  readonly folder: WorkingFolder;
  /** Loads one of the author's modules by its path. Returns its exports. */
  readonly loadModule: (file: string) => Promise<Readonly<Record<string, unknown>>>;
  readonly version: string;
  /** Runs the author's program, and checks it. */
  readonly check: (args: readonly string[]) => Promise<ExitCode>;
  /** Sets HEADCOUNT_ENDPOINT for this process, unless it is set. */
  readonly useEndpointVariable: (url: string) => void;
  readonly createHeadcount: typeof createHeadcount;
  /** The public function, which also takes what only `npx headcount` knows. */
  readonly runCommand: (
    headcount: ForUsers,
    args: readonly string[],
    setting: CommandSetting,
  ) => Promise<ExitCode>;
  readonly commandHelp: typeof commandHelp;
}
