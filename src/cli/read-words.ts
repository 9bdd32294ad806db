import { didYouMean } from './close-names.js';
import { COMMAND_NAMES, type CommandName } from './command-names.js';

/** The command that words name. Returns a text if they contain a mistake. */
export function readWords(words: readonly string[]): CommandName | { readonly mistake: string } {
  const [word = 'status', ...more] = words;
  if (!isCommand(word)) {
    return {
      mistake: `Unknown command: "${word}".${didYouMean(word, COMMAND_NAMES)}`,
    };
  }
  const [extra] = more;
  if (extra === undefined) return word;
  return { mistake: `Too many words: "${word}" takes no other, but "${extra}" was given.` };
}

const isCommand = (word: string): word is CommandName =>
  (COMMAND_NAMES as readonly string[]).includes(word);
