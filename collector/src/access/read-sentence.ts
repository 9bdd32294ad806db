import { ProblemError } from '../errors.js';

/** Ends a line, or changes how a chart or a terminal shows the rest of it. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u;

/**
 * Reads a sentence of the administrator, which people are shown, without the spaces around it.
 *
 * @param path - The JSON pointer of the member that has it.
 * @throws `bad_text` if it is not one line of visible characters.
 */
export function readSentence(text: string, path: string): string {
  const [unseen] = UNSEEN.exec(text) ?? [];
  if (unseen === undefined) return text.trim();
  const code = unseen.codePointAt(0) ?? 0;
  const given = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  throw new ProblemError(
    'bad_text',
    `The member ${path} must be one line, without control or format characters; it has ${given}.`,
    { path },
  );
}
