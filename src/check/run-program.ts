import { performance } from 'node:perf_hooks';
import { endTree, startProgram } from './processes.js';

/** What can be seen of a program that ran. */
export interface Run {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** How long it ran, or, if it was asked to end, how long it took to do so. */
  readonly ms: number;
  /** Whether it was asked to end. */
  readonly wasEnded: boolean;
  /** Whether it did not end, by itself or when it was asked to, so that it was killed. */
  readonly hung: boolean;
  /** Whether something still had its output open after it had ended. */
  readonly holdsOutput: boolean;
}

/** How a program is run. */
export interface RunHow {
  readonly command: readonly [string, ...string[]];
  readonly env: Record<string, string | undefined>;
  /** After this, it is asked to end. */
  readonly forMs: number | undefined;
  /** If it is not asked to end, it is killed after this. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** The program cannot be run so: the text says what to do. */
export class CannotRun extends Error {}

/** A program that was asked to end and has not after this hangs. */
export const ENDS_WITHIN_MS = 10_000;
/** Pipes are closed a moment after a process has ended. */
const CLOSES_WITHIN_MS = 2_000;
/** More is not kept, and not compared. */
const MAX_CHARACTERS = 4_000_000;

/** Runs a program once. Rejects with {@link CannotRun} if it does not start, or is interrupted. */
export function runProgram({ command, env, forMs, limitMs, signal }: RunHow): Promise<Run> {
  return new Promise((resolve, reject) => {
    let startedMs = performance.now();
    let wasEnded = false;
    let stdout = '';
    let stderr = '';
    let hung = false;
    let failure: CannotRun | undefined;
    const child = startProgram(command, env);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < MAX_CHARACTERS) stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < MAX_CHARACTERS) stderr += text;
    });

    const giveUp = (): void => {
      hung = true;
      endTree(child, 'SIGKILL');
    };
    const onAbort = (): void => {
      failure = new CannotRun('The check was interrupted.');
      endTree(child, 'SIGKILL');
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    const askToEnd = (): void => {
      wasEnded = true;
      startedMs = performance.now();
      endTree(child, 'SIGTERM');
      timer = setTimeout(giveUp, ENDS_WITHIN_MS);
    };
    let timer = forMs === undefined ? setTimeout(giveUp, limitMs) : setTimeout(askToEnd, forMs);

    child.once('error', (error) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      reject(new CannotRun(`"${command[0]}" could not be started: ${error.message}.`));
    });
    child.once('exit', (code, killedBy) => {
      const ms = performance.now() - startedMs;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      const end = (holdsOutput: boolean): void => {
        clearTimeout(closing);
        if (failure) return reject(failure);
        resolve({ code, signal: killedBy, stdout, stderr, ms, wasEnded, hung, holdsOutput });
      };
      const closing = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        end(true);
      }, CLOSES_WITHIN_MS);
      child.once('close', () => end(false));
    });
  });
}
