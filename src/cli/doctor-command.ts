import { type Command, EXIT_CODES, printJson } from './command.js';
import { type Finding, findings } from './findings.js';
import { paint, type Printer } from './printer.js';

const MARKS = {
  ok: ['green', 'ok     '],
  note: ['yellow', 'note   '],
  problem: ['red', 'PROBLEM'],
} as const;

/** `doctor`: checks every step from consent to the collector's answer. */
export const doctorCommand: Command = {
  summary: 'check every step: consent, ID, folders, network, collector',
  async run(context) {
    const { headcount, terminal, json, name } = context;
    const diagnosis = await headcount.diagnose();
    const status = headcount.status();
    if (!diagnosis.ok) {
      if (json) printJson(context, diagnosis);
      else terminal.err(`The check failed: ${diagnosis.error}.`);
      return EXIT_CODES.FAILED;
    }
    const found = findings(status, diagnosis, name);
    if (json) printJson(context, { status, diagnosis, findings: found });
    else for (const finding of found) print(terminal, finding);
    return found.some(({ state }) => state === 'problem') ? EXIT_CODES.FOUND : EXIT_CODES.DONE;
  },
};

function print(terminal: Printer, { part, state, text, advice }: Finding): void {
  const [colour, mark] = MARKS[state];
  terminal.out([paint(colour, mark), `  ${part.padEnd(9)}  ${text}`]);
  if (advice !== undefined) terminal.out(`${' '.repeat(20)}${advice}`);
}
