import type { EndpointSource } from '../delivery/answers.js';
import { type Command, printJson } from './command.js';
import { EXIT_CODES } from './exit-codes.js';
import { type Finding, findings, statusFindings } from './findings.js';
import { paint, type Printer } from './printer.js';
import { verdictOf } from './verdict.js';

const MARKS = {
  ok: ['green', 'ok     '],
  note: ['yellow', 'note   '],
  problem: ['red', 'PROBLEM'],
} as const;

const SOURCES: Readonly<Record<EndpointSource, string>> = {
  program: 'the program',
  environment: 'HEADCOUNT_ENDPOINT',
  'local-collector': 'a collector on this machine, because none is named',
  default: 'the default, because none is named',
};

/** `doctor`: checks every step from consent to the collector's answer, and says what will be. */
export const doctorCommand: Command = {
  summary: 'check every step, and say when the next report is sent, or why none is',
  async run(context) {
    const { headcount, terminal, json, isUnknown } = context;
    const diagnosis = await headcount.diagnose();
    const status = headcount.status();
    const examined = { ...context, status, diagnosis, isUnknown };
    const source = diagnosis.ok ? SOURCES[diagnosis.endpointSource] : undefined;
    const endpointFrom = context.endpointFrom ?? source;
    const found = [
      ...statusFindings(examined, endpointFrom),
      ...(diagnosis.ok ? findings(status, diagnosis) : [failed(diagnosis.error)]),
    ];
    const verdict = verdictOf(examined);
    if (json) {
      printJson(context, { status, diagnosis, findings: found, verdict });
    } else {
      for (const finding of found) print(terminal, finding);
      terminal.out('', [paint(verdict.willBeSent ? 'green' : 'red', verdict.text)]);
    }
    if (!verdict.willBeSent) return EXIT_CODES.FAILED;
    return found.some(({ state }) => state === 'problem') ? EXIT_CODES.FOUND : EXIT_CODES.DONE;
  },
};

const failed = (error: string): Finding => ({
  part: 'check',
  state: 'problem',
  text: `the check failed: ${error}`,
});

function print(terminal: Printer, { part, state, text, advice }: Finding): void {
  const [colour, mark] = MARKS[state];
  terminal.out([paint(colour, mark), `  ${part.padEnd(9)}  ${text}`]);
  if (advice !== undefined) terminal.out(`${' '.repeat(20)}${advice}`);
}
