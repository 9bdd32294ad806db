import process from 'node:process';
import type { Terminal } from '../cli/terminal.js';

/** The terminal of this process. Colours follow https://no-color.org. */
export const nodeTerminal = (): Terminal => ({
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  hasColour: process.stdout.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb',
});
