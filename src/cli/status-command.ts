import { type Command, printJson } from './command.js';
import { EXIT_CODES } from './exit-codes.js';
import { explainConsent } from './explain-consent.js';
import { paint } from './terminal.js';

/** `status`: whether telemetry is on, and which rule decided. */
export const statusCommand: Command = {
  summary: 'whether telemetry is on, and why',
  run(context) {
    const { headcount, terminal, json, name } = context;
    const status = headcount.status();
    if (json) {
      printJson(context, status);
    } else {
      const { mode, project = 'this program', endpoint, notice } = status;
      const words = { on: 'on', local: 'local', off: 'off' }[mode];
      terminal.out(
        `Telemetry of ${project} is ${paint(terminal, 'bold', words)}: ${explainConsent(status)}.`,
      );
      if (mode === 'on') terminal.out(`  Reports go to ${endpoint ?? 'nowhere'}.`);
      if (mode === 'local') terminal.out('  Reports are kept on this machine and never sent.');
      if (notice === 'due') terminal.out('  You were not told yet what is collected.');
      terminal.out(`  See what is sent:  ${name} show`);
      terminal.out(
        mode === 'off' ? `  Turn it on:        ${name} on` : `  Turn it off:       ${name} off`,
      );
    }
    return Promise.resolve(EXIT_CODES.DONE);
  },
};
