import { chooseCommand } from './choose-command.js';
import type { Command } from './command.js';
import { doctorCommand } from './doctor-command.js';
import { exportCommand } from './export-command.js';
import { forgetCommand } from './forget-command.js';
import { showCommand } from './show-command.js';
import { statusCommand } from './status-command.js';

/** The user's commands by name, in the order of the help. */
export const COMMANDS = {
  status: statusCommand,
  on: chooseCommand('on'),
  off: chooseCommand('off'),
  show: showCommand,
  export: exportCommand,
  forget: forgetCommand,
  doctor: doctorCommand,
} as const satisfies Record<string, Command>;

/** What the help says of each command. */
export function helpText(
  name: string,
  commands: Readonly<Record<string, Pick<Command, 'summary'>>>,
): string {
  const lines = Object.entries(commands).map(
    ([word, { summary }]) => `  ${word.padEnd(9)} ${summary}`,
  );
  return [`Usage: ${name} <command> [--json]`, '', ...lines].join('\n');
}
