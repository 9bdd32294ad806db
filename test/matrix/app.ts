import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repo = fileURLToPath(new URL('../../', import.meta.url));

/** A short command-line program, which ends at once. */
const CLI = `track(); console.log('done');`;
/** The same where nobody sends after the end. */
const CLOSING = `const headcount = createHeadcount();
  headcount.track(); await headcount.close(); console.log('done');`;
/** A program that runs until its report was sent. */
const SERVER = `const headcount = createHeadcount({ flushIntervalMs: 100 });
  headcount.track();
  const look = setInterval(() => {
    if (headcount.status().sent !== 1) return;
    clearInterval(look);
    void headcount.close().then(() => console.log('done'));
  }, 20);`;
const NAMES = 'track, createHeadcount';

/** An app with the packed package in its node_modules, whose folder a bundle must not name. */
export interface App {
  readonly folder: string;
}

/** Lays out the app: `cli`, `server` and `closing`, as ES modules and, but the last, as CommonJS. */
export function layOut(): App {
  const folder = join(
    realpathSync(mkdtempSync(join(tmpdir(), 'headcount-matrix-'))),
    'build-machine',
  );
  const installed = join(folder, 'node_modules', 'headcount');
  mkdirSync(installed, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(MANIFEST));
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  const tarball = execFileSync('npm', args, { cwd: repo, encoding: 'utf8' }).trim();
  execFileSync('tar', ['-xzf', join(folder, tarball), '--strip-components=1', '-C', installed]);
  for (const [name, code] of Object.entries({ cli: CLI, server: SERVER, closing: CLOSING })) {
    writeFileSync(join(folder, `${name}.mjs`), `import { ${NAMES} } from 'headcount';\n${code}`);
    if (name === 'closing') continue;
    writeFileSync(
      join(folder, `${name}.cjs`),
      `const { ${NAMES} } = require('headcount');\n${code}`,
    );
  }
  return { folder };
}

const MANIFEST = { name: 'acme-cli', version: '2.3.1', private: true };

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
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { PATH: process.env['PATH'], HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
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
