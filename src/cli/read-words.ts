import { didYouMean } from './close-names.js';
import type { Command } from './command.js';
import { COMMANDS } from './commands.js';

/** The name of a command. */
export type CommandName = keyof typeof COMMANDS;

/** The command that words name. Returns a text if they contain a mistake. */
export function readWords(words: readonly string[]): CommandName | { readonly mistake: string } {
  const [word = 'status', ...more] = words;
  if (!isCommand(word)) {
    return {
      mistake: `Unknown command: "${word}".${didYouMean(word, Object.keys(COMMANDS))}`,
    };
  }
  const [extra] = more;
  if (extra === undefined) return word;
  return { mistake: `Too many words: "${word}" takes no other, but "${extra}" was given.` };
}

/** What is wrong with the options of a mounted command, if anything is. */
export function mistakeInFlags(word: CommandName, flags: readonly string[]): string | undefined {
  const command: Command = COMMANDS[word];
  const known = ['--json', '--help', ...(command.flags ?? [])];
  const unknown = flags.find((flag) => !known.includes(flag));
  if (unknown === undefined) return undefined;
  return `Unknown option of "${word}": "${unknown}".${didYouMean(unknown, known)}`;
}

const isCommand = (word: string): word is CommandName => Object.hasOwn(COMMANDS, word);
