import { describeOptions } from '../load-config.js';
import { wrapText } from '../wrap-text.js';
import type { CommandHelp } from './command.js';

/**
 * The help of one command, or of all.
 *
 * @param name - The name of a command; anything else gives the list of commands.
 */
export function helpOf(commands: readonly CommandHelp[], name?: string): string {
  const command = commands.find((one) => one.name === name);
  return `${command === undefined ? listCommands(commands) : describe(command)}
  --help
      show this
  --version
      show the version
`;
}

function listCommands(commands: readonly CommandHelp[]): string {
  const rows = commands.map(({ name, summary }) => wrapText(summary, `  ${name.padEnd(12)}`, 14));
  return `Usage: headcount-collector [command] [options]

Takes Headcount's reports and counts them.

Commands:
${rows.join('\n')}

headcount-collector <command> --help says more about each.

Options of serve:
${describeOptions('all')}`;
}

function describe({ usage, text, options, takesConfig }: CommandHelp): string {
  const forms = usage.map((form, at) => {
    const start = at === 0 ? 'Usage: ' : '       ';
    return wrapText(form, `${start}headcount-collector `, 11);
  });
  const rows = options.map(([option, meaning]) => `  ${option}\n${wrapText(meaning, '      ', 6)}`);
  const config = takesConfig === undefined ? [] : [describeOptions(takesConfig)];
  return [
    forms.join('\n'),
    text.map((paragraph) => wrapText(paragraph, '', 0)).join('\n\n'),
    ['Options:', ...rows, ...config].join('\n'),
  ].join('\n\n');
}
