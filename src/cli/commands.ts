import { chooseCommand } from './choose-command.js';
import type { Command } from './command.js';
import type { CommandName } from './command-names.js';
import { doctorCommand } from './doctor-command.js';
import { exportCommand } from './export-command.js';
import { forgetCommand } from './forget-command.js';
import { manifestCommand } from './manifest-command.js';
import { showCommand } from './show-command.js';
import { statusCommand } from './status-command.js';

/** The commands for users by name. */
export const COMMANDS = {
  status: statusCommand,
  on: chooseCommand('on'),
  off: chooseCommand('off'),
  show: showCommand,
  export: exportCommand,
  forget: forgetCommand,
  doctor: doctorCommand,
  manifest: manifestCommand,
} as const satisfies Record<CommandName, Command>;

/**
 * The help of the commands for users.
 *
 * @param name - what the user types before a command, such as `acme telemetry`
 */
export function commandHelp(name: string): string {
  const lines = Object.entries(COMMANDS).map(
    ([word, { summary }]) => `  ${word.padEnd(9)} ${summary}`,
  );
  return [`Usage: ${name} <command> [--json]`, '', ...lines].join('\n');
}
