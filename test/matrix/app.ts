import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repo = fileURLToPath(new URL('../../', import.meta.url));

/** The app's package.json. */
export const MANIFEST = { name: 'acme-cli', version: '2.3.1', private: true };
/** A short command-line program, which ends at once. */
const CLI = `track(); console.log('done');`;
/** A program that runs until its report was sent. */
const server = (app: object): string => `
  const headcount = createHeadcount({ ...${JSON.stringify(app)}, flushIntervalMs: 100 });
  headcount.track();
  const look = setInterval(() => {
    if (headcount.status().sent !== 1) return;
    clearInterval(look);
    void headcount.close().then(() => console.log('done'));
  }, 20);`;
/**
 * All programs for a place where no process can be started at exit, by the name in the last
 * argument: each says so unless `status()` tells what becomes of its reports.
 *
 * @param app - what names the app, if no package.json does
 */
const any = (app: object): string => `
  const app = ${JSON.stringify(app)};
  const tell = (headcount, isWarned) => {
    const { warnings } = headcount.status();
    const isFound = warnings.some(({ reason }) => reason === 'waits-for-close');
    console.log(process.env.DO_NOT_TRACK || isFound === isWarned ? 'done' : JSON.stringify(warnings));
  };
  const programs = {
    budget() {
      const headcount = createHeadcount({ ...app, exitBudgetMs: 5_000 });
      headcount.track();
      tell(headcount, false);
    },
    async closing() {
      const headcount = createHeadcount(app);
      headcount.track();
      await headcount.close();
      tell(headcount, true);
    },
    server() { ${server(app)} },
  };
  void programs[process.argv.at(-1)]();`;
/** The name of the file with all of them. */
export const ANY_PROGRAM = 'any';
/** The same for an executable, beside which there is no package.json. */
export const NAMED_PROGRAM = 'named';
const { name: project, version } = MANIFEST;
const PROGRAMS = {
  cli: CLI,
  server: server({}),
  [ANY_PROGRAM]: any({}),
  [NAMED_PROGRAM]: any({ project, version }),
};
const NAMES = 'track, createHeadcount';

/** An app with the packed package in its node_modules, whose folder a bundle must not name. */
export interface App {
  readonly folder: string;
  /** The packed package. */
  readonly tarball: string;
}

/** Lays out the app's programs, each as an ES module and as CommonJS. */
export function layOut(): App {
  const folder = join(
    realpathSync(mkdtempSync(join(tmpdir(), 'headcount-matrix-'))),
    'build-machine',
  );
  const installed = join(folder, 'node_modules', 'headcount');
  mkdirSync(installed, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(MANIFEST));
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  const tarball = join(folder, execFileSync('npm', args, { cwd: repo, encoding: 'utf8' }).trim());
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
  for (const [name, code] of Object.entries(PROGRAMS)) {
    writeFileSync(join(folder, `${name}.mjs`), `import { ${NAMES} } from 'headcount';\n${code}`);
    writeFileSync(
      join(folder, `${name}.cjs`),
      `const { ${NAMES} } = require('headcount');\n${code}`,
    );
  }
  return { folder, tarball };
}

/** A folder with a package.json and nothing else, as a bundle is deployed. */
export function deployFolder({ folder }: App, name: string): string {
  const deployed = join(folder, '..', 'deployed', name);
  mkdirSync(deployed, { recursive: true });
  writeFileSync(join(deployed, 'package.json'), JSON.stringify(MANIFEST));
  return deployed;
}

/** Copies what a tool has written to where it runs. */
export const deploy = (from: string, to: string): void => cpSync(from, to, { recursive: true });

/** What a finished command has shown of itself. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command in an environment built for it. */
export function run(
  [command = '', ...args]: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  withinMs = 60_000,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { PATH: process.env['PATH'], HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}
