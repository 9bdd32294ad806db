import { DONE, type MigrationProgress } from './sqlite/migrate.js';

/**
 * Shows on a terminal how far a change of a schema is, in one line that is written over.
 *
 * @returns `undefined` where the stream is no terminal: a log wants none of it.
 */
export function createProgressLine(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>,
): ((progress: MigrationProgress) => void) | undefined {
  if (!stream.isTTY) return undefined;
  return ({ file, from, to, step, share }) => {
    const percent = Math.floor(share * 100);
    const line = `${file}, schema ${from} to ${to}: ${step}, ${percent} %`;
    stream.write(`\r${line}\u001B[K${step === DONE ? '\n' : ''}`);
  };
}
