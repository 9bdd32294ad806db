import { type ChildProcess, execFile, spawn, type SpawnOptions } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const IS_WINDOWS = process.platform === 'win32';

/**
 * Starts a program as a shell would find it. On Windows, `npm` and most other tools are scripts that
 * only the system's command interpreter can start.
 */
export function startProgram(
  [program, ...args]: readonly [string, ...string[]],
  env: Record<string, string | undefined>,
): ChildProcess {
  const options: SpawnOptions = {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    detached: !IS_WINDOWS, // a group of its own, to which a signal can be sent
  };
  const isScript = IS_WINDOWS && !/\.(exe|com)$/i.test(program) && !isNode(program);
  if (!isScript) return spawn(isNode(program) ? process.execPath : program, args, options);
  const root = process.env['SystemRoot'] ?? String.raw`C:\Windows`;
  const line = [program, ...args].map(quotedForWindows).join(' ');
  // By its whole path: the working folder may contain another cmd.exe.
  return spawn(path.win32.join(root, 'System32', 'cmd.exe'), ['/d', '/s', '/c', `"${line}"`], {
    ...options,
    windowsVerbatimArguments: true,
  });
}

/** On Windows, `node` may be a script of a version manager. This is the same one. */
const isNode = (program: string): boolean => IS_WINDOWS && /^node(\.exe)?$/i.test(program);

/** A word for cmd.exe, https://learn.microsoft.com/archive/blogs/twistylittlepassagesallalike. */
export function quotedForWindows(word: string): string {
  const quoted = `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, '$1$1')}"`;
  return quoted.replace(/[()%!^"<>&|;, ]/g, '^$&');
}

/** Asks a program and all that it has started to end, or ends them. */
export function endTree(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (IS_WINDOWS) {
    // It cannot be asked: it has no window.
    const root = process.env['SystemRoot'] ?? String.raw`C:\Windows`;
    const taskkill = path.win32.join(root, 'System32', 'taskkill.exe');
    execFile(taskkill, ['/pid', String(pid), '/T', '/F'], () => child.kill());
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    child.kill(signal); // the group is gone, or is not there yet
  }
}

/** A process that is still there. */
export interface LeftProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * The processes in whose environment a folder is. Every process that a program starts inherits its
 * variables, and a sender gets those of the home.
 *
 * @returns `undefined` where the system does not tell
 */
export async function processesOf(folder: string): Promise<LeftProcess[] | undefined> {
  if (process.platform === 'linux') return processesByProc(folder);
  if (process.platform === 'darwin') return processesByPs(folder);
  return undefined;
}

function processesByProc(folder: string): LeftProcess[] {
  return fs.readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const variables = fs.readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
      if (!variables.includes(`HOME=${folder}`)) return [];
      const command = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').join(' ').trim();
      return command === '' ? [] : [{ pid: Number(name), command }]; // a zombie has none
    } catch {
      return []; // it has ended, or is another user's
    }
  });
}

const processesByPs = (folder: string): Promise<LeftProcess[] | undefined> =>
  new Promise((resolve) => {
    execFile('/bin/ps', ['-axEww', '-o', 'pid=,command='], (error, stdout) => {
      if (error) return resolve(undefined);
      const lines = stdout.split('\n').filter((line) => line.includes(`HOME=${folder}`));
      resolve(
        lines.map((line) => {
          const [, pid = '', command = ''] = /^\s*(\d+)\s+(\S+)/.exec(line) ?? [];
          return { pid: Number(pid), command };
        }),
      );
    });
  });
