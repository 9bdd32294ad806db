import { type Command, printJson } from './command.js';
import { BASIC } from './choose-command.js';
import { EXIT_CODES } from './exit-codes.js';
import { paint } from './printer.js';
import { explain } from './reasons.js';
import { adviceFor } from './warnings.js';

/** `status`: whether telemetry is on, and the rule that decided. */
export const statusCommand: Command = {
  summary: 'print whether telemetry is on, and why',
  run(context) {
    const { headcount, terminal, json, name } = context;
    const status = headcount.status();
    if (json) {
      printJson(context, status);
    } else {
      const { mode, project = 'this program', endpoint, notice, warnings } = status;
      const words = { on: 'on', local: 'local', off: 'off' }[mode];
      const { because, toDo } = explain({ ...context, status });
      terminal.out([`Telemetry of ${project} is `, paint('bold', words), `: ${because}.`]);
      if (mode === 'on') terminal.out(`  Reports go to ${endpoint ?? 'nowhere'}.`);
      if (mode === 'local') terminal.out('  Reports are kept on this machine and never sent.');
      if (status.level === 'basic') terminal.out(`  ${BASIC}`);
      if (notice === 'due') terminal.out('  The program has not told you yet what it collects.');
      for (const warning of warnings) {
        if (warning.reason === 'notice-not-shown') continue; // the line above
        terminal.out(`  ${warning.text} ${adviceFor(warning, name)}`);
      }
      terminal.out(`  See what is sent:  ${name} show`);
      terminal.out(`  ${toDo}`);
    }
    return Promise.resolve(EXIT_CODES.DONE);
  },
};
