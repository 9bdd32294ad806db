import process from 'node:process';

/** Where a command prints. */
export interface Terminal {
  /** Prints results: one or more lines. */
  out(text: string): void;
  /** Prints lines that tell what went wrong, and what to do next. */
  err(text: string): void;
  /** Whether texts for `out` may have colours. */
  readonly hasColour: boolean;
}

/** The terminal of this process. Colours follow https://no-color.org. */
export const nodeTerminal = (): Terminal => ({
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  hasColour: process.stdout.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb',
});
