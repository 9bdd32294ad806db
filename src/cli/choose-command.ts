import { type Command, printJson } from './command.js';
import { EXIT_CODES } from './exit-codes.js';
import { explain } from './reasons.js';

/** What the level basic means to its user. */
export const BASIC =
  'Only the events startup and alive are reported, without fields (level basic).';

/** `on` and `off`: saves the user's choice. */
export const chooseCommand = (telemetry: 'on' | 'off'): Command => ({
  summary:
    telemetry === 'on'
      ? 'turn telemetry on; earlier reports are not sent; --basic: only startup and alive are'
      : 'turn telemetry off and delete the reports that were not sent yet',
  ...(telemetry === 'on' && { flags: ['--basic'] }),
  async run(context) {
    const { headcount, terminal, json, has } = context;
    const level = has('--basic') ? 'basic' : 'full';
    const saved = await (telemetry === 'on' ? headcount.optIn({ level }) : headcount.optOut());
    const status = headcount.status();
    const isAsChosen = (status.mode === 'on') === (telemetry === 'on');
    if (json) {
      const { mode, level: present, consent } = status;
      printJson(context, { ...saved, mode, ...(present && { level: present }), consent });
    } else if (saved.ok) {
      terminal.out(`Telemetry of ${status.project} is now ${telemetry}. Saved in ${saved.source}.`);
      if (status.level === 'basic') terminal.out(BASIC);
      if (!isAsChosen) {
        const { because, toDo } = explain({ ...context, status });
        terminal.out(`But it is ${status.mode} here: ${because}.`, toDo);
      }
    } else {
      terminal.err(
        `Your choice could not be saved in ${saved.source}: ${saved.error}.`,
        'Run this as the user that it belongs to, make it writable, or set DO_NOT_TRACK=1.',
      );
    }
    return saved.ok ? EXIT_CODES.DONE : EXIT_CODES.FAILED;
  },
});
