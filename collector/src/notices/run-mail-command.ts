import type { ChildProcess } from 'node:child_process';

/** How a command ended that was to take a mail. */
export type MailOutcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'failed'; readonly reason: string }
  /** The collector ends, and the command goes on. */
  | { readonly kind: 'left' };

/** A command and its mail. */
export interface MailRun {
  /** The program and its arguments. No shell reads them. */
  readonly command: readonly string[];
  readonly mail: string;
  /** In milliseconds. */
  readonly withinMs: number;
  /** Leaves the command to itself. */
  readonly signal: AbortSignal;
}

/**
 * Writes a mail to the standard input of a command. What it says on stderr goes to the collector's.
 * A command that takes too long is ended with all that it started.
 */
export async function runMailCommand({
  command: [program = '', ...args],
  mail,
  withinMs,
  signal,
}: MailRun): Promise<MailOutcome> {
  const { spawn } = await import('node:child_process');
  return new Promise((resolve) => {
    // A group of its own: it goes on where the collector is killed, and can be ended as a whole.
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      endGroup(child);
    }, withinMs);
    const end = (outcome: MailOutcome): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    child.on('error', (error) => {
      const code = 'code' in error ? String(error.code) : error.name;
      end({ kind: 'failed', reason: `it cannot be run (${code})` });
    });
    child.on('close', (code, signalName) => {
      if (isLate) end({ kind: 'failed', reason: `it took more than ${withinMs / 1000} s` });
      else if (code === 0) end({ kind: 'taken' });
      else end({ kind: 'failed', reason: `it ended with ${code ?? signalName ?? 'no code'}` });
    });
    // A command may end without reading its input: its exit code tells whether that is right.
    child.stdin.on('error', () => undefined);
    child.stdin.end(mail);
    signal.addEventListener('abort', () => {
      child.unref();
      end({ kind: 'left' });
    });
  });
}

function endGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // there are no groups on this system, or it has just ended
  }
}
