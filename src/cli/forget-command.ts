import { type Command, printJson } from './command.js';
import { EXIT_CODES } from './exit-codes.js';

/** `forget`: everything of this user is deleted, here and at the collector. */
export const forgetCommand: Command = {
  summary: 'have everything of you deleted, here and at the collector',
  async run(context) {
    const { headcount, terminal, json, name } = context;
    const forgotten = await headcount.forget();
    if (json) {
      printJson(context, forgotten);
    } else if (!forgotten.done) {
      terminal.err(
        `What waited here is deleted, but not all is done: ${forgotten.cause}.\n` +
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
    return forgotten.done ? EXIT_CODES.DONE : EXIT_CODES.FAILED;
  },
};
