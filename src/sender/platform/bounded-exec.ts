import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import process from 'node:process';
import { type SystemProgram, systemPrograms } from './system-programs.js';
import { windowsFolder } from './windows-folder.js';

const isWindows = process.platform === 'win32';

/** On Windows, a scanner may look at a program for seconds before it lets it run. */
export const MACHINE_ID_LIMIT_MS = isWindows ? 5_000 : 1_000;

/**
 * Replaces `child_process.exec` in node-machine-id (build/bounded-machine-id.ts). That one runs a
 * shell, which Windows may look for in the working folder, and has no time limit.
 */
export function exec(
  command: string,
  _options: unknown,
  callback: (error: Error | null, stdout: string) => void,
): void {
  firstOutput(systemPrograms(command, windowsFolder(process.env)))
    .then((stdout) => callback(null, stdout))
    // Also what the callback throws, which cannot read every output.
    .catch((error: unknown) =>
      callback(error instanceof Error ? error : new Error('it failed'), ''),
    );
}

/** The output of the first program that ends without an error. */
async function firstOutput(programs: readonly SystemProgram[]): Promise<string> {
  let failure: unknown = new Error('no program of this system tells the ID of the machine');
  for (const program of programs) {
    try {
      return await outputOf(program);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** Kills the program and its children at the limit. */
function outputOf({ file, args }: SystemProgram): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      shell: false,
      cwd: isWindows ? windowsFolder(process.env) : '/', // never the app's
      detached: !isWindows, // makes a process group, which can be killed as a whole
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => {
      try {
        if (!isWindows && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        child.kill('SIGKILL'); // the group has ended already
      }
      child.stdout.destroy();
    }, MACHINE_ID_LIMIT_MS);
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      if (code === 0) resolve(Buffer.concat(chunks).toString());
      else reject(new Error(`it ended with ${code}`));
    });
  });
}
