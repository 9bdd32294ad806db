import { spawn } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { removeFolder } from './temp-folder.js';
import {
  nodeForWindows,
  WINDOWS_PREFIX,
  windowsEnv,
  type WindowsRelease,
} from './windows-tools.js';

const repo = fileURLToPath(new URL('../../', import.meta.url));
const driver = join(repo, 'test/windows/run-all.mjs');

const driveC = join(WINDOWS_PREFIX, 'drive_c');

/** The path of a file as programs there name it. */
export const windowsPath = (file: string): string =>
  file.startsWith(`${driveC}/`)
    ? `C:${file.slice(driveC.length).replaceAll('/', '\\')}`
    : `Z:${file.replaceAll('/', '\\')}`;

/** A user, and an app which has this package, as built, among its dependencies. */
export interface WindowsApp {
  /** The app's folder. */
  readonly folder: string;
  /** The user's folder. */
  readonly home: string;
  run(script: string, options?: WindowsRunOptions): Promise<WindowsRun>;
  /** What the user's folder holds: paths with forward slashes, in order. */
  files(): string[];
  /** The text of a file of the user's. */
  read(file: string): string;
}

/** How a script is run. */
export interface WindowsRunOptions {
  readonly release?: WindowsRelease;
  readonly args?: readonly string[];
  /** Beside those of the user; `null` takes one away. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** A path there. */
  readonly cwd?: string;
  readonly nodeArgs?: readonly string[];
  /** Runs beside it, and is waited for too. */
  readonly beside?: WindowsCommand;
}

/** A script with arguments. */
export interface WindowsCommand {
  readonly script: string;
  readonly args: readonly string[];
}

/** What a finished program has shown of itself. */
export interface WindowsRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Lays out a user and an app on drive C; both are gone after the test. */
export function createWindowsApp(files: Readonly<Record<string, string>>): WindowsApp {
  const root = mkdtempSync(join(driveC, 'test-'));
  onTestFinished(() => removeFolder(root));
  const home = join(root, 'ada');
  const folder = join(root, 'app');
  for (const name of ['AppData/Roaming', 'AppData/Local', 'Temp']) {
    mkdirSync(join(home, name), { recursive: true });
  }
  const installed = join(folder, 'node_modules/headcount');
  mkdirSync(installed, { recursive: true });
  cpSync(join(repo, 'dist'), join(installed, 'dist'), { recursive: true });
  copyFileSync(join(repo, 'package.json'), join(installed, 'package.json'));
  const all = { 'package.json': '{ "name": "acme-cli", "version": "2.3.1" }', ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const user = windowsPath(home);
  const userEnv = {
    USERPROFILE: user,
    APPDATA: `${user}\\AppData\\Roaming`,
    LOCALAPPDATA: `${user}\\AppData\\Local`,
    TEMP: `${user}\\Temp`,
    TMP: `${user}\\Temp`,
    HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0', // else a second run would be sent ten minutes later
  };
  return {
    folder,
    home,
    async run(script, options = {}) {
      const { release = '20', args = [], env = {}, cwd = windowsPath(folder) } = options;
      const { nodeArgs = [], beside } = options;
      const path = windowsPath(join(folder, script));
      const common = { env: { ...userEnv, ...env }, cwd };
      const runs = [{ ...common, args: [...nodeArgs, path, ...args] }];
      if (beside) {
        const { script: other, args: others } = beside;
        runs.push({ ...common, args: [windowsPath(join(folder, other)), ...others] });
      }
      const [run] = await runAll(root, release, runs);
      if (!run) throw new Error('it was not run');
      return run;
    },
    files: () =>
      readdirSync(home, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(home.length + 1))
        .sort(),
    read: (file) => readFileSync(join(home, file), 'utf8'),
  };
}

let runs = 0;

async function runAll(
  root: string,
  release: WindowsRelease,
  commands: readonly object[],
): Promise<WindowsRun[]> {
  const base = join(root, `run-${(runs += 1)}`);
  const outputs = commands.map((command, at) => {
    const [out, err] = [`${base}-${at}.out`, `${base}-${at}.err`];
    return { out, err, command: { ...command, out: windowsPath(out), err: windowsPath(err) } };
  });
  writeFileSync(`${base}.json`, JSON.stringify(outputs.map(({ command }) => command)));
  await wine(base, [
    nodeForWindows(release),
    windowsPath(driver),
    windowsPath(`${base}.json`),
    windowsPath(`${base}.ended`),
  ]);
  if (!existsSync(`${base}.ended`)) {
    throw new Error(`wine ran nothing: ${readFileSync(`${base}.log`, 'utf8')}`);
  }
  // The cast: run-all.mjs has written it.
  const ended = JSON.parse(readFileSync(`${base}.ended`, 'utf8')) as { code: number | null }[];
  return outputs.map(({ out, err }, at) => ({
    code: ended[at]?.code ?? null,
    stdout: existsSync(out) ? readFileSync(out, 'utf8') : '',
    stderr: existsSync(err) ? readFileSync(err, 'utf8') : '',
  }));
}

const RUN_LIMIT_MS = 50_000;

/** Runs a program of Windows until it ends. */
async function wine(base: string, args: readonly string[]): Promise<void> {
  const log = openSync(`${base}.log`, 'w');
  const child = spawn('/usr/lib/wine/wine64', args, {
    cwd: driveC,
    env: windowsEnv,
    stdio: ['ignore', log, log],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), RUN_LIMIT_MS);
  await new Promise((resolve) => child.once('exit', resolve));
  clearTimeout(timer);
  closeSync(log);
}

/** Sets the build that this Windows says it has, until the end of the test. */
export async function setWindowsBuild(build: string): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'headcount-reg-'));
  const key = ['HKLM\\Software\\Microsoft\\Windows NT\\CurrentVersion', '/v', 'CurrentBuildNumber'];
  const set = (to: string): Promise<void> =>
    wine(join(root, 'reg'), ['reg', 'add', ...key, '/d', to, '/f']);
  onTestFinished(async () => {
    await set(USUAL_BUILD);
    await removeFolder(root);
  });
  await set(build);
}

/** As `scripts/install-windows-tools.sh` sets it. */
const USUAL_BUILD = '19045';

/** The machine's ID as the registry of this Windows has it. */
export function registryGuid(): string {
  const text = readFileSync(join(WINDOWS_PREFIX, 'system.reg'), 'utf8');
  const [, guid] = /"MachineGuid"="([^"]+)"/.exec(text) ?? [];
  if (guid === undefined) throw new Error('this Windows has no ID yet');
  return guid.toLowerCase();
}

/** A folder for `SystemRoot` whose reg.exe runs this code: in its own, wine prefers its own. */
export function windowsWithReg(app: WindowsApp, code: string): string {
  const folder = join(app.home, 'Windows');
  mkdirSync(join(folder, 'System32'), { recursive: true });
  copyFileSync(nodeForWindows('20'), join(folder, 'System32/reg.exe'));
  // Node.js takes the first argument, `QUERY`, for a script in the working folder.
  writeFileSync(join(folder, 'QUERY.js'), code);
  return windowsPath(folder);
}
