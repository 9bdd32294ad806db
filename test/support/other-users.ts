import { execFileSync } from 'node:child_process';
import { chownSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { TRACK_ONCE } from './arrival.js';
import { eventually } from './eventually.js';
import { exitChildren } from './exit-children.js';
import type { TestApp } from './run-app.js';

/** A user of this number is in no list of users, unless a test puts it there. */
export const ADA = 54_321;
export const AS_ADA = ['setpriv', `--reuid=${ADA}`, `--regid=${ADA}`, '--clear-groups', '--'];
export const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
export const CONFIG = '.config/headcount/acme-cli';
export const STATE = '.local/share/headcount/acme-cli';

export const TELL = `console.log(JSON.stringify(headcount.status()));`;
/** Programs that report, and print their `status()`. */
export const FILES = {
  'cli.mjs': TRACK_ONCE,
  'status.mjs': `import { createHeadcount } from 'headcount';
    const headcount = createHeadcount(); headcount.track(); headcount.track(); ${TELL}`,
  'opt-in.mjs': `import { createHeadcount } from 'headcount';
    const headcount = createHeadcount({ mode: 'opt-in' }); headcount.track(); ${TELL}`,
  'flush.mjs': `import { createHeadcount } from 'headcount';
    const headcount = createHeadcount(); headcount.track();
    await headcount.flush({ timeoutMs: 8_000 }); ${TELL}`,
  'server.mjs': `import { createHeadcount } from 'headcount';
    const headcount = createHeadcount({ flushIntervalMs: 100 }); headcount.track();
    console.log('started');
    process.once('SIGTERM', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      headcount.track();
      await headcount.flush(); ${TELL} process.exit();
    });
    setInterval(() => undefined, 1_000);`,
};
export const OFF = '{"telemetry":"off","at":"2026-11-22T20:58:00.123Z","events":"0123"}';
export const ON = OFF.replace('off', 'on');

export interface Told {
  readonly mode: string;
  readonly reason?: string;
  readonly storage: string;
  readonly sent: number;
  readonly consent: { readonly source?: string };
  readonly warnings: readonly { readonly reason: string; readonly text: string }[];
}

/** What `status()` said. */
export function told({
  code,
  stdout,
  stderr,
}: {
  code: unknown;
  stdout: string;
  stderr: string;
}): Told {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Told;
}

/** Every file below a folder, with its owner and what is in it. */
export function picture(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => {
      const { uid, mode, size, mtimeMs } = lstatSync(join(folder, name));
      return [name, uid, mode, size, mtimeMs].join(' ');
    })
    .sort();
}

export function write(file: string, text: string, uid = 0): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
  chownSync(file, uid, uid);
}

/** Gives a folder and all that is in it to a user. */
export const give = (folder: string, uid: number): void =>
  void execFileSync('chown', ['-hR', `${uid}:${uid}`, folder]);

export const noChild = ({ home }: TestApp): Promise<boolean> =>
  eventually(() => exitChildren(home).length === 0, 'no child left', 20_000);

export const at = (address: string, env: Record<string, string | undefined> = {}) => ({
  env: { HEADCOUNT_ENDPOINT: address, ...env },
});
