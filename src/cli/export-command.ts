import { type Command, printJson } from './command.js';
import { EXIT_CODES } from './exit-codes.js';

/** `export`: the data that collectors have about this user, as JSON with or without `--json`. */
export const exportCommand: Command = {
  summary: 'print the data that collectors have about you, as JSON',
  async run(context) {
    const exported = await context.headcount.export();
    const hasData = exported.collectors?.some(({ ok }) => ok) === true;
    if (exported.ok || hasData || context.json) printJson(context, exported);
    if (!exported.ok && !context.json) {
      context.terminal.err(
        `The export ${hasData ? 'is not complete' : 'failed'}: ${exported.error}.`,
      );
    }
    return exported.ok ? EXIT_CODES.DONE : EXIT_CODES.FAILED;
  },
};
