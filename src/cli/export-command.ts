import { type Command, printJson } from './command.js';
import { EXIT_CODES } from './exit-codes.js';

/** `export`: what the collector holds of this user. Its answer is JSON, with or without `--json`. */
export const exportCommand: Command = {
  summary: 'what the collector holds of you, as JSON',
  async run(context) {
    const exported = await context.headcount.export();
    if (exported.done || context.json) printJson(context, exported);
    else context.terminal.err(`Nothing could be exported: ${exported.cause}.`);
    return exported.done ? EXIT_CODES.DONE : EXIT_CODES.FAILED;
  },
};
