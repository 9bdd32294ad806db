import type { ForgetResult, KeptReceipt } from '../delivery/answers.js';
import { type Command, printJson } from './command.js';
import { EXIT_CODES } from './exit-codes.js';
import type { Printer } from './printer.js';

/** `forget`: deletes all data about this user, here and at all collectors. */
export const forgetCommand: Command = {
  summary: 'delete all data about you, here and at all collectors',
  async run(context) {
    const forgotten = await context.headcount.forget();
    if (context.json) printJson(context, forgotten);
    else print(forgotten, context.terminal, context.name);
    return forgotten.ok ? EXIT_CODES.DONE : EXIT_CODES.FAILED;
  },
};

function print(forgotten: ForgetResult, terminal: Printer, name: string): void {
  const { collectors = [] } = forgotten;
  if (collectors.length === 0) {
    if (!forgotten.ok) {
      terminal.err(
        `The queue on this machine is deleted, but the rest failed: ${forgotten.error}.`,
        `Your ID is kept for another attempt: run ${name} forget once more later.`,
      );
    } else if (forgotten.earlier) {
      terminal.out(
        'Nothing was reported since all data about you were deleted. The receipts of the deletion:',
      );
      for (const kept of forgotten.earlier) terminal.out(receiptLine(kept));
    } else {
      terminal.out(
        'No collector has acknowledged a report from here, so none is asked. The queue and the ID on this machine are deleted.',
      );
    }
    return;
  }
  const isDeleted = collectors.every(({ ok }) => ok);
  if (isDeleted && forgotten.ok) terminal.out('The collectors have deleted all data about you:');
  for (const answer of collectors) {
    if (answer.ok) terminal.out(receiptLine(answer));
    else terminal.err(`  ${answer.collector} ${answer.error}.`);
  }
  if (forgotten.ok) {
    if (!isDeleted)
      terminal.out('The ID on this machine is deleted, and nothing is left to ask for.');
    terminal.out(`Telemetry stays on or off as it was. To turn it off: ${name} off`);
  } else {
    terminal.err(
      `Not all data about you are deleted. On this machine, only what is needed to ask again is kept: run ${name} forget once more later.`,
    );
  }
}

const receiptLine = ({ collector, receipt }: KeptReceipt): string =>
  `  ${collector} deleted it at ${receipt.deleted_at}, receipt ${receipt.receipt_id}.`;
