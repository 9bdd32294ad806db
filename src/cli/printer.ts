import type { Terminal } from './terminal.js';

/** A text in a colour, on a terminal that has colours. */
export interface Painted {
  readonly text: string;
  readonly colour: Colour;
}

type Colour = 'green' | 'red' | 'yellow' | 'bold';
const CODES: Readonly<Record<Colour, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

/** A line, or its pieces. */
export type Line = string | readonly (string | Painted)[];

/** How all commands print: each text passes {@link printable}. */
export interface Printer {
  /** Prints lines of results. */
  out(...lines: readonly Line[]): void;
  /** Prints lines that tell what went wrong, and what to do next. */
  err(...lines: readonly Line[]): void;
}

/** Prints on a terminal. */
export function printerFor(terminal: Terminal): Printer {
  const piece = (part: string | Painted): string => {
    if (typeof part === 'string') return printable(part);
    const text = printable(part.text);
    const [on, off] = CODES[part.colour];
    return terminal.hasColour ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  };
  const joined = (lines: readonly Line[]): string =>
    lines
      .map((line) => (typeof line === 'string' ? printable(line) : line.map(piece).join('')))
      .join('\n');
  return {
    out: (...lines) => terminal.out(joined(lines)),
    err: (...lines) => terminal.err(joined(lines)),
  };
}

/** A piece of a line in a colour. */
export const paint = (colour: Colour, text: string): Painted => ({ colour, text });

/**
 * A text for one line of a terminal. Texts from disk and network may hold characters that move the
 * cursor, hide or reorder text: each becomes an escape of JSON, so that JSON keeps its meaning.
 *
 * @example
 * printable('\u001b[2Jok'); //=> '\\u001b[2Jok'
 */
export const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
