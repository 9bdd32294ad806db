import { type Command, type CommandContext, printJson } from './command.js';
import { BASIC } from './choose-command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { explain } from './reasons.js';
import { paint } from './printer.js';

/**
 * `show`: headers and bodies of the next requests, and the last body that was sent. With `--proof`,
 * and never without it: what opens the data at the collectors.
 */
export const showCommand: Command = {
  summary: 'print what would be sent next and what was sent last, byte for byte',
  flags: ['--proof'],
  async run(context) {
    if (context.has('--proof')) return showProofs(context);
    const { headcount, terminal, json } = context;
    const shown = await headcount.show();
    const status = headcount.status();
    if (!shown.ok) {
      if (json) printJson(context, shown);
      else terminal.err(`The queue could not be read: ${shown.error}.`);
      return EXIT_CODES.FAILED;
    }
    const { endpoint, headers, next, last, others = [] } = shown;
    if (json) {
      const { mode, level } = status;
      printJson(context, { ...shown, mode, ...(level && { level }) });
      return EXIT_CODES.DONE;
    }
    const title = (text: string): void => terminal.out([paint('bold', text)]);
    if (status.mode === 'on') title(`Would be sent next, to ${endpoint}:`);
    else {
      const { because } = explain({ ...context, status });
      title(`Not sent while telemetry is ${status.mode} (${because}):`);
    }
    if (status.level === 'basic') terminal.out(BASIC);
    next.forEach((body, request) => {
      const lines = Object.entries(headers[request] ?? {}).map(
        ([name, value]) => `${name}: ${value}`,
      );
      terminal.out(...lines, '', body);
    });
    if (next.length === 0) terminal.out('nothing');
    for (const { file, report } of others) {
      title(`Kept by a client in another language, which sends it at its next run (${file}):`);
      terminal.out(report);
    }
    title('Sent last:');
    terminal.out(last ?? 'nothing, or it is no longer stored here');
    return EXIT_CODES.DONE;
  },
};

async function showProofs(context: CommandContext): Promise<ExitCode> {
  const { headcount, terminal, json } = context;
  const shown = await headcount.proofs();
  const { collectors = [] } = shown;
  const hasProof = collectors.some(({ ok }) => ok);
  if (json) printJson(context, shown);
  else {
    if (hasProof) {
      terminal.out('Whoever has the ID and the proof can see and delete the data about you there.');
    }
    for (const one of collectors) {
      if (!one.ok) continue;
      terminal.out([paint('bold', one.collector)]);
      terminal.out(`  project  ${one.project}`, `  ID       ${one.anonymousId}`);
      terminal.out(`  proof    ${one.proof}`);
    }
    if (!shown.ok)
      terminal.err(`${hasProof ? 'Not all proofs' : 'No proof'} can be shown: ${shown.error}.`);
  }
  return shown.ok ? EXIT_CODES.DONE : EXIT_CODES.FAILED;
}
