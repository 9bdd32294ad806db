import process from 'node:process';

/** Where a command prints. */
export interface Terminal {
  /** Prints results. */
  out(text: string): void;
  /** Prints what went wrong, and what to do next. */
  err(text: string): void;
  /** Whether texts for `out` may have colours. */
  readonly hasColour: boolean;
}

type Colour = 'green' | 'red' | 'yellow' | 'bold';
const CODES: Readonly<Record<Colour, readonly [number, number]>> = {
  bold: [1, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

/** A text in a colour, if the terminal has colours. */
export function paint({ hasColour }: Terminal, colour: Colour, text: string): string {
  const [on, off] = CODES[colour];
  return hasColour ? `\u001b[${on}m${text}\u001b[${off}m` : text;
}

/** The terminal of this process. Colours follow https://no-color.org. */
export const nodeTerminal = (): Terminal => ({
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  hasColour: process.stdout.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb',
});
