import { DONE, type MigrationProgress } from '../sqlite/migrate.js';

/**
 * Shows the progress of a migration in one line of a terminal.
 *
 * @returns `undefined` if the stream is no terminal, to keep logs short.
 */
export function createProgressLine(stream: {
  readonly isTTY: boolean;
  readonly write: (text: string) => unknown;
}): ((progress: MigrationProgress) => void) | undefined {
  if (!stream.isTTY) return undefined;
  return ({ file, from, to, step, share }) => {
    const percent = Math.floor(share * 100);
    const line = `${file}, schema ${from} to ${to}: ${step}, ${percent} %`;
    stream.write(`\r${line}\u001B[K${step === DONE ? '\n' : ''}`);
  };
}
