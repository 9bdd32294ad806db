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
  /** Runs scripts at the same time. They have the release of the first. */
  runTogether(
    runs: readonly (WindowsRunOptions & { readonly script: string })[],
  ): Promise<WindowsRun[]>;
  /** Lays out another user. @param from - A user's folder whose files it gets. */
  addUser(name: string, from?: string): WindowsUser;
  /** What the user's folder holds: paths with forward slashes, in order. */
  files(): string[];
  /** The text of a file of the user's. */
  read(file: string): string;
}

/** Another user of the app. */
export interface WindowsUser {
  readonly home: string;
  /** The variables that lead there. */
  readonly env: Readonly<Record<string, string>>;
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
  /** How long it may run, in milliseconds. @default 50 seconds */
  readonly limitMs?: number;
}

/** What a finished program has shown of itself. */
export interface WindowsRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function makeHome(home: string): void {
  for (const name of ['AppData/Roaming', 'AppData/Local', 'Temp']) {
    mkdirSync(join(home, name), { recursive: true });
  }
}

/** The variables of a user. @param home - A path there. */
export const envOf = (home: string): Record<string, string> => ({
  USERPROFILE: home,
  APPDATA: `${home}\\AppData\\Roaming`,
  LOCALAPPDATA: `${home}\\AppData\\Local`,
  TEMP: `${home}\\Temp`,
  TMP: `${home}\\Temp`,
});

/** Lays out a user and an app on drive C; both are gone after the test. */
export function createWindowsApp(files: Readonly<Record<string, string>>): WindowsApp {
  const root = mkdtempSync(join(driveC, 'test-'));
  onTestFinished(() => removeFolder(root));
  const home = join(root, 'ada');
  const folder = join(root, 'app');
  makeHome(home);
  const installed = join(folder, 'node_modules/headcount');
  mkdirSync(installed, { recursive: true });
  cpSync(join(repo, 'dist'), join(installed, 'dist'), { recursive: true });
  copyFileSync(join(repo, 'package.json'), join(installed, 'package.json'));
  const all = { 'package.json': '{ "name": "acme-cli", "version": "2.3.1" }', ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const userEnv = {
    ...envOf(windowsPath(home)),
    HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0', // else a second run would be sent ten minutes later
  };
  const runTogether: WindowsApp['runTogether'] = (runs) => {
    const commands = runs.map(({ script, args = [], env = {}, cwd, nodeArgs = [] }) => ({
      args: [...nodeArgs, windowsPath(join(folder, script)), ...args],
      env: { ...userEnv, ...env },
      cwd: cwd ?? windowsPath(folder),
    }));
    const [{ release = '20', limitMs = RUN_LIMIT_MS } = {}] = runs;
    return runAll(root, { release, limitMs }, commands);
  };
  return {
    folder,
    home,
    runTogether,
    async run(script, options = {}) {
      const [run] = await runTogether([{ ...options, script }]);
      if (!run) throw new Error('it was not run');
      return run;
    },
    addUser: (name, from) => {
      const own = join(root, name);
      makeHome(own);
      if (from !== undefined) cpSync(from, own, { recursive: true });
      return { home: own, env: envOf(windowsPath(own)) };
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
  { release, limitMs }: { readonly release: WindowsRelease; readonly limitMs: number },
  commands: readonly object[],
): Promise<WindowsRun[]> {
  const base = join(root, `run-${(runs += 1)}`);
  const outputs = commands.map((command, at) => {
    const [out, err] = [`${base}-${at}.out`, `${base}-${at}.err`];
    return { out, err, command: { ...command, out: windowsPath(out), err: windowsPath(err) } };
  });
  writeFileSync(`${base}.json`, JSON.stringify(outputs.map(({ command }) => command)));
  const files = [driver, `${base}.json`, `${base}.ended`].map(windowsPath);
  await wine(base, [nodeForWindows(release), ...files], limitMs);
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
async function wine(base: string, args: readonly string[], limitMs = RUN_LIMIT_MS): Promise<void> {
  const log = openSync(`${base}.log`, 'w');
  const child = spawn('/usr/lib/wine/wine64', args, {
    cwd: driveC,
    env: windowsEnv,
    stdio: ['ignore', log, log],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  await new Promise((resolve) => child.once('exit', resolve));
  clearTimeout(timer);
  closeSync(log);
}

/** Sets the build that this Windows says it has, until the end of the test. */
export const setWindowsBuild = (build: string): Promise<void> => {
  const set = (to: string): readonly string[] => ['add', ...BUILD, '/d', to, '/f'];
  return changeRegistry(set(build), set(USUAL_BUILD));
};

/** Takes the machine's ID from this Windows, until the end of the test. */
export const removeGuid = (): Promise<void> =>
  changeRegistry(['delete', ...GUID, '/f'], ['add', ...GUID, '/d', registryGuid(), '/f']);

const BUILD = [
  ...['HKLM\\Software\\Microsoft\\Windows NT\\CurrentVersion', '/v', 'CurrentBuildNumber'],
];
const GUID = ['HKLM\\Software\\Microsoft\\Cryptography', '/v', 'MachineGuid'];

async function changeRegistry(to: readonly string[], back: readonly string[]): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'headcount-reg-'));
  const reg = (args: readonly string[]): Promise<void> => wine(join(root, 'reg'), ['reg', ...args]);
  onTestFinished(async () => {
    await reg(back);
    await removeFolder(root);
  });
  await reg(to);
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
