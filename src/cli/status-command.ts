import type { Status } from '../api.js';
import { type Command, EXIT_CODES, printJson } from './command.js';
import { paint } from './printer.js';

/** `status`: whether telemetry is on, and the rule that decided. */
export const statusCommand: Command = {
  summary: 'print whether telemetry is on, and why',
  run(context) {
    const { headcount, terminal, json, name } = context;
    const status = headcount.status();
    if (json) {
      printJson(context, status);
    } else {
      const { mode, project = 'this program', endpoint, notice } = status;
      const words = { on: 'on', local: 'local', off: 'off' }[mode];
      terminal.out([
        `Telemetry of ${project} is `,
        paint('bold', words),
        `: ${explainConsent(status)}.`,
      ]);
      if (mode === 'on') terminal.out(`  Reports go to ${endpoint ?? 'nowhere'}.`);
      if (mode === 'local') terminal.out('  Reports are kept on this machine and never sent.');
      if (notice === 'due') terminal.out('  The program has not told you yet what it collects.');
      terminal.out(`  See what is sent:  ${name} show`);
      terminal.out(
        mode === 'off' ? `  Turn it on:        ${name} on` : `  Turn it off:       ${name} off`,
      );
    }
    return Promise.resolve(EXIT_CODES.DONE);
  },
};

/** Says why telemetry is on or off. */
export function explainConsent({ reason, consent }: Pick<Status, 'reason' | 'consent'>): string {
  const { mode, rule, source = '' } = consent;
  if (reason === 'retired') return 'the collector no longer accepts reports of this version';
  if (reason === 'no-project') return 'no project was found';
  if (reason === 'files-missing') return 'the files of headcount were deleted or replaced';
  if (reason === 'broken-process') return 'something it needs was removed from the process';
  if (reason?.startsWith('endpoint-')) return 'the endpoint cannot be used';
  switch (rule) {
    case 'child':
      return 'Headcount itself has started this process';
    case 'environment':
      return `the variable ${source} is set`;
    case 'code':
      return 'the program turns it off in its code';
    case 'test-runner':
      return `a test runner runs the program (${source})`;
    case 'choice':
      return `it is your choice (${source})`;
    case 'unreadable-choice':
      return `your choice in ${source} cannot be read, so nothing is sent`;
    case 'mode':
      return mode === 'local'
        ? 'the program keeps its reports on this machine'
        : source === 'opt-in'
          ? 'the program asks first, and you have not opted in'
          : 'the program turns it off until you turn it on';
    case 'default':
      return 'this is the default';
  }
}
