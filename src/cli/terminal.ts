import process from 'node:process';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';

/** Where a command prints. */
export interface Terminal {
  /** Prints results: one or more lines. */
  out(text: string): void;
  /** Prints lines that tell what went wrong, and what to do next. */
  err(text: string): void;
  /** Whether texts for `out` may have colours. */
  readonly hasColour: boolean;
}

type Stream = NodeJS.WriteStream;

/**
 * Runs a command that prints to the streams of this process, and waits until everything is written.
 * A reader that has closed its pipe, such as `head`, ends the command without a message. Colours
 * follow https://no-color.org.
 *
 * @returns the command's exit code, or another one if its output could not be written
 */
export async function onProcessStreams(
  run: (terminal: Terminal) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { stdout, stderr, env } = process;
  const writes: Promise<void>[] = [];
  const faults = new Map<Stream, unknown>();

  function print(stream: Stream, text: string): void {
    const written = new Promise<void>((resolve, reject) => {
      stream.write(`${text}\n`, (error) => (error ? reject(error) : resolve()));
    });
    writes.push(written.catch((error: unknown) => void faults.set(stream, error)));
  }

  // Without a listener, an error would end the process with a stack trace.
  const listeners = [stdout, stderr].map((stream) => {
    const listener = (error: unknown): void => void faults.set(stream, error);
    stream.on('error', listener);
    return () => stream.off('error', listener);
  });
  try {
    const code = await run({
      out: (text) => print(stdout, text),
      err: (text) => print(stderr, text),
      hasColour: stdout.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    });
    await Promise.all(writes);
    if ([...faults.values()].some(isClosed)) return EXIT_CODES.CLOSED;
    if (!faults.has(stdout)) return code;
    print(stderr, `The output could not be written: ${textOf(faults.get(stdout))}.`);
    await Promise.all(writes);
    return EXIT_CODES.FAILED;
  } finally {
    // A stream emits its error in a turn after that of the callback.
    await new Promise((resolve) => setImmediate(resolve));
    for (const remove of listeners) remove();
  }
}

/** On Windows, a pipe without a reader gives EOF. */
const isClosed = (error: unknown): boolean =>
  ['EPIPE', 'ECONNRESET', 'EOF', 'ERR_STREAM_DESTROYED'].includes(
    String((error as { code?: unknown } | undefined)?.code),
  );

const textOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');
