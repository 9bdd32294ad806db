import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder } from './temp-folder.js';

const repo = fileURLToPath(new URL('../../', import.meta.url));

/** What a finished program has shown of itself. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** An app in a folder of its own which has this package, as built, among its dependencies. */
export interface TestApp {
  readonly folder: string;
  readonly home: string;
  run(script: string, options?: RunOptions): Promise<Finished>;
}

/** How a script is run. */
export interface RunOptions {
  readonly env?: Record<string, string | undefined>;
  readonly nodeArgs?: readonly string[];
  readonly args?: readonly string[];
  readonly killAfterMs?: number;
  /** The Node.js to run it with, and a command that runs that, `strace` for example. */
  readonly node?: string;
  readonly wrapper?: readonly string[];
  /** Takes variables away too: one that is `undefined` is not set. */
  readonly cwd?: string;
  /** Sends a signal once the program has printed something. */
  readonly signalOnOutput?: NodeJS.Signals;
  readonly started?: (child: ChildProcess) => void;
}

/** Lays out an app: its files by name, `package.json` included. */
export function createTestApp(
  files: Record<string, string | object>,
  { folder = join(tempFolder('app'), 'app'), home = tempFolder('home'), headcount = repo } = {},
): TestApp {
  const all = { 'package.json': { name: 'acme-cli', version: '2.3.1' }, ...files };
  for (const [name, content] of Object.entries(all)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(headcount, join(folder, 'node_modules', 'headcount'), 'dir');
  return {
    folder,
    home,
    run: (script, options = {}) => runNode(join(folder, script), home, options),
  };
}

/** Runs a script in an environment built for it: nothing of the caller's, who may be a CI. */
export function runNode(script: string, home: string, options: RunOptions = {}): Promise<Finished> {
  const { env = {}, nodeArgs = [], args = [], killAfterMs = 15_000 } = options;
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const { node = process.execPath, wrapper = [], cwd = dirname(script) } = options;
    const [command = node, ...rest] = [...wrapper, node, ...nodeArgs, script, ...args];
    const child = spawn(command, rest, {
      cwd,
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0', // else a second run would be sent ten minutes later
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    options.started?.(child);
    const { signalOnOutput } = options;
    if (signalOnOutput) child.stdout.once('data', () => child.kill(signalOnOutput));
    const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr, ms: performance.now() - started });
    });
  });
}
