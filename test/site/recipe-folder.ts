import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeFolder } from '../support/temp-folder.js';

const repo = fileURLToPath(new URL('../../', import.meta.url));

/** What a finished command has shown of itself. */
interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Where recipes are laid out, with the packed package installed. */
export class Kitchen {
  readonly root = mkdtempSync(join(tmpdir(), 'headcount-recipes-'));
  readonly #package = join(this.root, 'headcount');

  constructor() {
    const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', this.root];
    const tarball = execFileSync('npm', args, { cwd: repo, encoding: 'utf8' }).trim();
    mkdirSync(this.#package);
    const where = ['--strip-components=1', '-C', this.#package];
    execFileSync('tar', ['-xzf', join(this.root, tarball), ...where]);
  }

  /** Lays out the files of a recipe, and installs the package and links to others. */
  layOut(
    name: string,
    files: Record<string, string>,
    links: Record<string, string> = {},
  ): RecipeFolder {
    const folder = join(this.root, name);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const modules = join(folder, 'node_modules');
    const all = {
      headcount: this.#package,
      '.bin/headcount': join(this.#package, 'dist', 'bin.js'),
      ...links,
    };
    for (const [link, target] of Object.entries(all)) {
      mkdirSync(dirname(join(modules, link)), { recursive: true });
      symlinkSync(target, join(modules, link));
    }
    return new RecipeFolder(folder);
  }

  close(): Promise<void> {
    return removeFolder(this.root); // a sender may outlive its program
  }
}

/** A recipe as it was laid out, with a home of its own. */
export class RecipeFolder {
  readonly home: string;

  constructor(readonly folder: string) {
    this.home = `${folder}-home`;
    mkdirSync(this.home);
  }

  /** Starts a command in an environment built for it. */
  start(
    [command = '', ...args]: readonly string[],
    env: Readonly<Record<string, string>> = {},
    cwd = this.folder,
  ) {
    const child = spawn(command, args, {
      cwd,
      // So that each run sends at its end, and not ten minutes later.
      env: {
        PATH: process.env['PATH'],
        HOME: this.home,
        HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        clearTimeout(timer);
        resolve({ code, output });
      });
    });
    return { child, output: () => output, ended };
  }

  /** Runs a command to its end. */
  run(...args: Parameters<RecipeFolder['start']>): Promise<Ended> {
    return this.start(...args).ended;
  }
}
