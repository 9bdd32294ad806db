import { COMMANDS } from '../../src/command-table.js';
import { helpOf } from '../../src/commands/help.js';

/** A flag of a command, and whether a value follows it. */
export interface Flag {
  readonly name: string;
  readonly takesValue: boolean;
}

/** The names of all commands. */
export const COMMAND_NAMES = COMMANDS.map(({ name }) => name);

/** The flags that a command's help names, without --help and --version. */
export function flagsOf(command: string): Flag[] {
  const help = helpOf(COMMANDS, command);
  const options = help.slice(help.indexOf('Options:')).matchAll(/^ {2}(-.+)$/gm);
  const own = [...options].filter(([line]) => !/^ {2}--(help|version)$/.test(line));
  return own.flatMap(([, line = '']) =>
    line.includes('HEADCOUNT_')
      ? [{ name: line.split(',')[0] ?? '', takesValue: !/=\w/.test(line) }]
      : [...line.matchAll(/(?<![\w-])(--?[a-z][a-z-]*)/g)].map(([name]) => ({
          name,
          takesValue: line.includes('<'),
        })),
  );
}
