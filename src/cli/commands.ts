import { chooseCommand } from './choose-command.js';
import { type Command, EXIT_CODES, printJson } from './command.js';
import { doctorCommand } from './doctor-command.js';
import { manifestCommand } from './manifest-command.js';
import { showCommand } from './show-command.js';
import { statusCommand } from './status-command.js';

/** `export`: the collector's data about this user, as JSON with or without `--json`. */
const exportCommand: Command = {
  summary: 'print the data that the collector has about you, as JSON',
  async run(context) {
    const exported = await context.headcount.export();
    if (exported.ok || context.json) printJson(context, exported);
    else context.terminal.err(`The export failed: ${exported.error}.`);
    return exported.ok ? EXIT_CODES.DONE : EXIT_CODES.FAILED;
  },
};

/** `forget`: deletes all data about this user, here and at the collector. */
const forgetCommand: Command = {
  summary: 'delete all data about you, here and at the collector',
  async run(context) {
    const { headcount, terminal, json, name } = context;
    const forgotten = await headcount.forget();
    if (json) {
      printJson(context, forgotten);
    } else if (!forgotten.ok) {
      terminal.err(
        `The queue on this machine is deleted, but the rest failed: ${forgotten.error}.`,
        `Your ID is kept for another attempt: run ${name} forget once more later.`,
      );
    } else if (forgotten.earlier !== undefined) {
      terminal.out(
        'Nothing was reported since all data about you were deleted. The receipt of the deletion:',
      );
      terminal.out(JSON.stringify(forgotten.earlier));
    } else if (forgotten.receipt === undefined) {
      terminal.out('There is no ID on this machine, so a collector has no data about you.');
    } else {
      terminal.out('The collector has deleted all data about you. Its receipt, which is stored:');
      terminal.out(JSON.stringify(forgotten.receipt));
      terminal.out(`Telemetry stays on or off as it was. To turn it off: ${name} off`);
    }
    return forgotten.ok ? EXIT_CODES.DONE : EXIT_CODES.FAILED;
  },
};

/** The commands for users by name, in the order of the help. */
export const COMMANDS = {
  status: statusCommand,
  on: chooseCommand('on'),
  off: chooseCommand('off'),
  show: showCommand,
  export: exportCommand,
  forget: forgetCommand,
  doctor: doctorCommand,
  manifest: manifestCommand,
} as const satisfies Record<string, Command>;

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
