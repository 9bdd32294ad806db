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
