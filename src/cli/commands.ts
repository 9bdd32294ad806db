import { chooseCommand } from './choose-command.js';
import { type Command, EXIT_CODES, printJson } from './command.js';
import { doctorCommand } from './doctor-command.js';
import { manifestCommand } from './manifest-command.js';
import { showCommand } from './show-command.js';
import { statusCommand } from './status-command.js';

/** `export`: what the collector holds of this user. Its answer is JSON, with or without `--json`. */
const exportCommand: Command = {
  summary: 'what the collector holds of you, as JSON',
  async run(context) {
    const exported = await context.headcount.export();
    if (exported.ok || context.json) printJson(context, exported);
    else context.terminal.err(`Nothing could be exported: ${exported.error}.`);
    return exported.ok ? EXIT_CODES.DONE : EXIT_CODES.FAILED;
  },
};

/** `forget`: everything of this user is deleted, here and at the collector. */
const forgetCommand: Command = {
  summary: 'have everything of you deleted, here and at the collector',
  async run(context) {
    const { headcount, terminal, json, name } = context;
    const forgotten = await headcount.forget();
    if (json) {
      printJson(context, forgotten);
    } else if (!forgotten.ok) {
      terminal.err(
        `What waited here is deleted, but not all is done: ${forgotten.error}.\n` +
          `Your ID is kept to ask again: run ${name} forget once more later.`,
      );
    } else if (forgotten.earlier !== undefined) {
      terminal.out(
        'Nothing was reported since everything of you was deleted. The receipt of that:',
      );
      terminal.out(JSON.stringify(forgotten.earlier));
    } else if (forgotten.receipt === undefined) {
      terminal.out('There is no ID here, so there is nothing to ask a collector for.');
    } else {
      terminal.out('The collector has deleted everything of you. Its receipt, which is kept:');
      terminal.out(JSON.stringify(forgotten.receipt));
      terminal.out(`Telemetry itself stays as it is. To turn it off: ${name} off`);
    }
    return forgotten.ok ? EXIT_CODES.DONE : EXIT_CODES.FAILED;
  },
};

/** The user's commands by name, in the order of the help. */
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
 * The help of the user's commands.
 *
 * @param name - what the user types before a command, such as `acme telemetry`
 */
export function commandHelp(name: string): string {
  const lines = Object.entries(COMMANDS).map(
    ([word, { summary }]) => `  ${word.padEnd(9)} ${summary}`,
  );
  return [`Usage: ${name} <command> [--json]`, '', ...lines].join('\n');
}
