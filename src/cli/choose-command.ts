import { type Command, EXIT_CODES, printJson } from './command.js';
import { explainConsent } from './status-command.js';

/** `on` and `off`: the user's choice, saved. */
export const chooseCommand = (telemetry: 'on' | 'off'): Command => ({
  summary:
    telemetry === 'on'
      ? 'turn telemetry on; nothing of before is sent'
      : 'turn telemetry off; what waits to be sent is deleted',
  async run(context) {
    const { headcount, terminal, json } = context;
    const saved = await (telemetry === 'on' ? headcount.optIn() : headcount.optOut());
    const status = headcount.status();
    const isAsChosen = (status.mode === 'on') === (telemetry === 'on');
    if (json) {
      printJson(context, { ...saved, mode: status.mode, consent: status.consent });
    } else if (saved.ok) {
      terminal.out(`Telemetry of ${status.project} is ${telemetry} now. Saved in ${saved.source}.`);
      if (!isAsChosen) {
        terminal.out(`Still, it is ${status.mode} here: ${explainConsent(status)}.`);
      }
    } else {
      terminal.err(
        `Your choice could not be saved in ${saved.source}: ${saved.error}.\n` +
          'Make that place writable and try again, or set DO_NOT_TRACK=1 to be sure.',
      );
    }
    return saved.ok ? EXIT_CODES.DONE : EXIT_CODES.FAILED;
  },
});
