import process from 'node:process';

/** Where a command prints to. */
export interface Terminal {
  /** What was asked for. */
  out(text: string): void;
  /** What went wrong, and what to do next. */
  err(text: string): void;
  /** Whether what is printed to `out` may have colours. */
  readonly hasColour: boolean;
}

type Colour = 'green' | 'red' | 'yellow' | 'bold';
const CODES: Readonly<Record<Colour, readonly [number, number]>> = {
  bold: [1, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

/** A text in a colour, where the terminal has any. */
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
